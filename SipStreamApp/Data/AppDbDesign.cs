using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace SipStreamApp.Data;

/// <summary>Lets <c>dotnet ef migrations add</c> build the model without starting the program.</summary>
internal sealed class AppDbDesign : IDesignTimeDbContextFactory<AppDb>
{
    public AppDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<AppDb>().UseSqlite("Data Source=:memory:").Options);
}
