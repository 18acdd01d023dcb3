using System.Security.Cryptography;
using AetherLink.Web.SigningIn;
using Microsoft.AspNetCore.WebUtilities;

namespace AetherLink.Web.Sessions;

/// <summary>Begins, finds and ends sessions. What is found is fresh: its token is renewed before its time is over.</summary>
internal sealed class PersonSessions(SessionFiles files, SessionWatches watches, TimeProvider clock, Renewing? renewing = null)
{
    /// <returns>The key; nobody has had it before.</returns>
    public async Task<string> BeginAsync(PersonSession session, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var key = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        await files.WriteAsync(key, session);
        return key;
    }

    /// <summary>
    /// The session, or null when it has ended. While the issuer is away it may be one whose token is over
    /// (<see cref="PersonSession.IsStale"/>).
    /// </summary>
    public async Task<PersonSession?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var session = await files.ReadAsync(key, cancellationToken);
        if (session?.Tokens is not { } tokens || clock.GetUtcNow() < tokens.RefreshAt || renewing is null)
            return session;

        using (await files.TakeTurnAsync(key, cancellationToken))
        {
            // Whoever had the turn before may have done it, or the person has left.
            session = await files.ReadAsync(key, cancellationToken);
            if (session?.Tokens is not { } mine || clock.GetUtcNow() < mine.RefreshAt)
                return session;
            if (await renewing.RenewAsync(session) is { } renewed)
            {
                if (!ReferenceEquals(renewed, session))
                    await files.WriteAsync(key, renewed);
                return renewed;
            }
        }
        End(key);
        return null;
    }

    /// <summary>Ends a session, and with it what is open in its name.</summary>
    public async Task EndAsync(string key, CancellationToken cancellationToken)
    {
        // A renewal that is under way would write the session again.
        using (await files.TakeTurnAsync(key, cancellationToken))
            End(key);
    }

    private void End(string key)
    {
        files.Delete(key);
        watches.End(key);
    }
}
