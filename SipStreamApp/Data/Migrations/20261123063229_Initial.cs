using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SipStreamApp.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Accounts",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Login = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    Domain = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    AuthenticationName = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    ProtectedPassword = table.Column<string>(type: "TEXT", nullable: true),
                    OutboundProxy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    Port = table.Column<int>(type: "INTEGER", nullable: true),
                    Transport = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    RegisterRequired = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    PasswordSetAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DeletedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Accounts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Calls",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    CallId = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    Caller = table.Column<string>(type: "TEXT", nullable: false),
                    VisibleName = table.Column<string>(type: "TEXT", nullable: true),
                    Callee = table.Column<string>(type: "TEXT", nullable: false),
                    Domain = table.Column<string>(type: "TEXT", nullable: false),
                    StreamName = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    StartedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    AnsweredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Status = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Failed = table.Column<bool>(type: "INTEGER", nullable: false),
                    CauseCode = table.Column<string>(type: "TEXT", nullable: true),
                    CauseTitle = table.Column<string>(type: "TEXT", nullable: true),
                    CauseAdvice = table.Column<string>(type: "TEXT", nullable: true),
                    SipStatus = table.Column<int>(type: "INTEGER", nullable: true),
                    AudioCodec = table.Column<string>(type: "TEXT", nullable: true),
                    VideoCodec = table.Column<string>(type: "TEXT", nullable: true),
                    PacketsReceived = table.Column<long>(type: "INTEGER", nullable: false),
                    PacketsLost = table.Column<long>(type: "INTEGER", nullable: false),
                    LossPercent = table.Column<double>(type: "REAL", nullable: false),
                    JitterMs = table.Column<double>(type: "REAL", nullable: false),
                    Interrupted = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Calls", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Calls_CallId_StartedAt",
                table: "Calls",
                columns: new[] { "CallId", "StartedAt" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Calls_EndedAt",
                table: "Calls",
                column: "EndedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Calls_StartedAt",
                table: "Calls",
                column: "StartedAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Accounts");

            migrationBuilder.DropTable(
                name: "Calls");
        }
    }
}
