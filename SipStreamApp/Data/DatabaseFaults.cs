using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace SipStreamApp.Data;

/// <summary>What a refusing database means, in plain words.</summary>
internal static class DatabaseFaults
{
    /// <summary>True for faults of the database itself, which callers survive; false for defects and for cancellation by the caller.</summary>
    public static bool IsFault(Exception e, CancellationToken callers) =>
        e is DbException or DbUpdateException or IOException or UnauthorizedAccessException
        || (e is OperationCanceledException && !callers.IsCancellationRequested);

    public static string Explain(Exception e)
    {
        for (var x = e; x is not null; x = x.InnerException)
        {
            if (x is not SqliteException sqlite) continue;
            return sqlite.SqliteErrorCode switch
            {
                5 or 6 => "The database is locked by another program.",
                8 => "The database is read-only: check the rights of the file and its folder.",
                10 => "The database cannot be read or written: disk fault.",
                11 or 26 => "The database file is damaged or is not a database: move it away to start afresh.",
                13 => "The database cannot grow: the disk is full.",
                14 => "The database file cannot be opened: check that its folder exists and may be written.",
                _ => $"The database refused: {sqlite.Message}.",
            };
        }

        return e is OperationCanceledException ? "The database did not answer in time." : $"The database refused: {e.Message}";
    }
}
