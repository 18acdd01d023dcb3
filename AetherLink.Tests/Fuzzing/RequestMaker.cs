namespace AetherLink.Tests.Fuzzing;

/// <summary>Makes the request of a number. Mostly one thing is wrong at a time, so that the check behind the first is reached too.</summary>
internal sealed class RequestMaker(int seed, IReadOnlyList<Operation> operations, DateTimeOffset now)
{
    private static readonly string[] People = ["viewer", "agent", "operator", "admin"];

    /// <summary>Kestrel's: a line of a request, and all headers together; bytes.</summary>
    private const int LongestLine = 8_192;

    private const int LongestHeaders = 32_768;

    public FuzzRequest Make(int number)
    {
        var operation = operations[number % operations.Count];
        var dice = new Dice(seed, number);
        var (headers, roles) = Credentials(dice, operation);
        var (method, target) = (operation.Method, Target(dice, operation));
        var (body, framing) = (Array.Empty<byte>(), Framing.None);
        string? malformed = target.Length > LongestLine - 100 ? "the request line is too long"
            : target.Split('?')[0].Contains("%00", StringComparison.Ordinal) ? "a NUL in the path" : null;

        foreach (var parameter in operation.Parameters.Where(parameter => parameter.In == "header" && dice.Chance(0.6)))
        {
            headers.Add((parameter.Name, dice.Pick(Pools.LastEventIds)));
        }

        if (operation.ContentTypes.Count > 0 || dice.Chance(0.03))
        {
            body = new BodyMaker(dice, operation, now).Make();
            framing = dice.Chance(0.8) ? Framing.Length : dice.Chance(0.5) ? Framing.Chunked : dice.Pick(Enum.GetValues<Framing>());
            malformed ??= framing > Framing.Chunked ? $"framing: {framing}" : null;
            if (dice.Chance(0.95))
            {
                headers.Add(("Content-Type", dice.Chance(0.1) || operation.ContentTypes.Count == 0 ? dice.Pick(Pools.ContentTypes) : dice.Pick(operation.ContentTypes)));
            }
        }

        if (dice.Chance(0.04))
        {
            method = dice.Pick(Pools.Methods);
        }

        if (dice.Chance(0.15))
        {
            var header = dice.Pick(Pools.Headers);
            headers.RemoveAll(known => known.Name == header.Name);
            headers.Add(header);
            malformed ??= header.Name == "Connection" || header.Name == "Upgrade" ? "an upgrade that there is not" : null;
        }

        if (dice.Chance(0.02))
        {
            malformed = Malform(dice, headers) ?? malformed;
        }

        return new(number, operation, method, target, headers, body, framing, roles, malformed);
    }

    /// <summary>Headers, and the roles that they grant at most.</summary>
    private static (List<(string Name, string Value)> Headers, string[] Roles) Credentials(Dice dice, Operation operation)
    {
        if (dice.Chance(0.08))
        {
            return ([], []);
        }

        if (dice.Chance(0.1))
        {
            return ([dice.Pick(Pools.NoCredentials)], []);
        }

        // Often enough who may: else only the doors are tried.
        var role = operation.Roles is { } allowed && dice.Chance(0.8) ? dice.Pick(allowed) : dice.Pick(People);
        if (operation.Service == "web" && dice.Chance(0.8))
        {
            return ([("Cookie", $"{{cookie:{role}}}"), ("X-CSRF-Token", $"{{csrf:{role}}}")], [role]);
        }

        List<(string Name, string Value)> headers =
            [("X-User-Roles", dice.Pick(role, role, role.ToUpperInvariant(), $"[\"{role}\"]", $" {role} ,root", $"[\"{role}\",\"{role}\"]"))];
        if (dice.Chance(0.3))
        {
            headers.Add(("X-Tenant-ID", dice.Chance(0.05) ? Convert.ToHexString(dice.Bytes(dice.Pick(64, 65, 2_000))) : ValidValues.Tenant));
        }

        if (dice.Chance(0.02))
        {
            // A token is believed rather than a header, and a bad one is not.
            headers.Add(("Authorization", "Bearer garbage"));
            role = "";
        }

        return (headers, role.Length > 0 ? [role] : []);
    }

    private string Target(Dice dice, Operation operation)
    {
        var path = string.Join('/', operation.Path.Split('/').Select(segment => !segment.StartsWith('{') ? segment
            : dice.Chance(0.5) && Planted.Placeholder(dice, operation.Path[..operation.Path.IndexOf("/{", StringComparison.Ordinal)]) is { } planted ? planted
            : dice.Chance(0.4) ? ValidValues.Text(dice, operation.Parameters.First(parameter => parameter.Name == segment[1..^1]), now)
            : dice.Chance(0.05) ? new string('a', dice.Pick(63, 64, 129, 5_000, 9_000))
            // What compresses well fits where it should not: an index takes 5,000 equal letters, and no 5,000 of chance.
            : dice.Chance(0.03) ? Convert.ToHexString(dice.Bytes(dice.Pick(64, 65, 1_400, 3_900)))
            : dice.Chance(0.02) ? "%00"
            : dice.Pick(Pools.Segments)));
        if (dice.Chance(0.03))
        {
            path = dice.Pick(path + "/", "/" + path, path.ToUpperInvariant(), path + "/extra", path + ".json", path + "%20", path + ";x", path + "%2f");
        }

        var query = Query(dice, operation);
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    private string Query(Dice dice, Operation operation)
    {
        var parts = new List<string>();
        foreach (var parameter in operation.Parameters.Where(parameter => parameter.In == "query" && dice.Chance(0.4)))
        {
            parts.Add($"{parameter.Name}={(dice.Chance(0.5) ? ValidValues.Text(dice, parameter, now) : dice.Pick(Pools.QueryValues))}");
            if (dice.Chance(0.08))
            {
                parts.Add($"{parameter.Name}={dice.Pick(Pools.QueryValues)}");
            }

            if (dice.Chance(0.03))
            {
                parts.Add($"{parameter.Name}={new string('9', dice.Pick(129, 300, 4_000, 9_000))}");
            }
        }

        if (dice.Chance(0.06))
        {
            parts.Add(dice.Pick("unknown=1", "=", "&&&", "?", "%zz=%zz", "a=b=c", "LIMIT=0", "%00=1", "__proto__[x]=1", string.Concat(Enumerable.Repeat("a=1&", 1_000))));
        }

        return string.Join('&', parts);
    }

    private static string? Malform(Dice dice, List<(string Name, string Value)> headers)
    {
        switch (dice.Below(6))
        {
            case 0:
                headers.Add((dice.Pick("X-User-Name", "X-Tenant-ID", "X-User-Roles", "Last-Event-ID", "traceparent"), dice.Pick(Pools.BadHeaderValues)));
                return "bytes that no header has";
            case 1:
                headers.AddRange(Enumerable.Range(0, 150).Select(each => ($"X-Many-{each}", "x")));
                return "too many headers";
            case 2:
                headers.Add(("X-Large", new string('x', LongestHeaders)));
                return "headers too large";
            case 3:
                headers.Add((dice.Pick("Bad Name", "", "X(Y)", "X\u00e4"), "x"));
                return "a name that no header has";
            case 4:
                headers.Add(("Host", dice.Pick("", "a b", "x:y:z", "a/b", "%zz")));
                return "a host that is none";
            default:
                headers.Add(("Transfer-Encoding", dice.Pick("gzip", "gzip, chunked", "identity", "chunked, chunked", "\u000bchunked")));
                return "a coding that there is not";
        }
    }
}
