using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Postgres;

/// <summary>Whom Postgres runs as where this process is root, which Postgres refuses to be.</summary>
internal sealed partial record UnprivilegedUser(int UserId, int GroupId)
{
    /// <summary>Postgres's own user where its package made one; nobody otherwise; none when this process is not root.</summary>
    internal static UnprivilegedUser? Find()
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
        {
            return null;
        }

        var users = File.ReadLines("/etc/passwd")
            .Select(line => line.Split(':'))
            .Where(fields => fields.Length > 3 && int.TryParse(fields[2], out _) && int.TryParse(fields[3], out _))
            .ToDictionary(fields => fields[0], fields => new UnprivilegedUser(int.Parse(fields[2], null), int.Parse(fields[3], null)));
        return users.GetValueOrDefault("postgres") ?? users.GetValueOrDefault("nobody")
            ?? throw new DistributedApplicationException(
                "Postgres does not run as root, and this machine has neither a user 'postgres' nor 'nobody' to run it as.");
    }

    /// <summary>A command line that runs a program as this user.</summary>
    internal (string FileName, IReadOnlyList<string> Arguments) Run(string program, IEnumerable<string> arguments, string folder)
    {
        List<string> setpriv = [$"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups"];
        if (!CanReach(folder))
        {
            // A checkout below a private home: pass through its folders without opening them to everybody.
            setpriv.AddRange(["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]);
        }

        return ("setpriv", [.. setpriv, program, .. arguments]);
    }

    internal void Own(string path)
    {
        if (ChangeOwner(path, UserId, GroupId) != 0)
        {
            throw new Win32Exception();
        }
    }

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, int user, int group);

    private static bool CanReach(string folder)
    {
        for (var parent = Directory.GetParent(folder); parent is not null && !OperatingSystem.IsWindows(); parent = parent.Parent)
        {
            if (!parent.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }
}
