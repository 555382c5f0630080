using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SipStreamApp.Data.Migrations
{
    /// <inheritdoc />
    public partial class IncomingCalls : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "Incoming",
                table: "Calls",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Incoming",
                table: "Calls");
        }
    }
}
