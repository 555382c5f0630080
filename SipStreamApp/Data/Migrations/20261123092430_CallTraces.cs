using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SipStreamApp.Data.Migrations
{
    /// <inheritdoc />
    public partial class CallTraces : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "CauseRaw",
                table: "Calls",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "MarksCut",
                table: "Calls",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "MessagesCut",
                table: "Calls",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Request",
                table: "Calls",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "CallMarks",
                columns: table => new
                {
                    CallRecordId = table.Column<long>(type: "INTEGER", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    AtMilliseconds = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Level = table.Column<int>(type: "INTEGER", nullable: false),
                    Word = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    Ends = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CallMarks", x => new { x.CallRecordId, x.Number });
                    table.ForeignKey(
                        name: "FK_CallMarks_Calls_CallRecordId",
                        column: x => x.CallRecordId,
                        principalTable: "Calls",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "CallMessages",
                columns: table => new
                {
                    CallRecordId = table.Column<long>(type: "INTEGER", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    AtMicroseconds = table.Column<long>(type: "INTEGER", nullable: false),
                    Sent = table.Column<bool>(type: "INTEGER", nullable: false),
                    Local = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Peer = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Transport = table.Column<string>(type: "TEXT", maxLength: 4, nullable: false),
                    RepeatOf = table.Column<int>(type: "INTEGER", nullable: true),
                    Text = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CallMessages", x => new { x.CallRecordId, x.Number });
                    table.ForeignKey(
                        name: "FK_CallMessages_Calls_CallRecordId",
                        column: x => x.CallRecordId,
                        principalTable: "Calls",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "QualityBuckets",
                columns: table => new
                {
                    CallRecordId = table.Column<long>(type: "INTEGER", nullable: false),
                    Medium = table.Column<int>(type: "INTEGER", nullable: false),
                    Minute = table.Column<int>(type: "INTEGER", nullable: false),
                    Step = table.Column<int>(type: "INTEGER", nullable: false),
                    Data = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_QualityBuckets", x => new { x.CallRecordId, x.Medium, x.Minute });
                    table.ForeignKey(
                        name: "FK_QualityBuckets_Calls_CallRecordId",
                        column: x => x.CallRecordId,
                        principalTable: "Calls",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_QualityBuckets_Step_CallRecordId",
                table: "QualityBuckets",
                columns: new[] { "Step", "CallRecordId" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "CallMarks");

            migrationBuilder.DropTable(
                name: "CallMessages");

            migrationBuilder.DropTable(
                name: "QualityBuckets");

            migrationBuilder.DropColumn(
                name: "CauseRaw",
                table: "Calls");

            migrationBuilder.DropColumn(
                name: "MarksCut",
                table: "Calls");

            migrationBuilder.DropColumn(
                name: "MessagesCut",
                table: "Calls");

            migrationBuilder.DropColumn(
                name: "Request",
                table: "Calls");
        }
    }
}
