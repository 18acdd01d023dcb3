namespace Aspire.Hosting.ApplicationModel;

/// <summary>A Postgres server.</summary>
public class PostgresServerResource : ContainerResource, IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";
    internal const string DefaultUserName = "postgres";

    private readonly Dictionary<string, string> _databases = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Describes a server.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="userName">Who logs in; postgres when not given.</param>
    /// <param name="password">With what password.</param>
    public PostgresServerResource(string name, ParameterResource? userName, ParameterResource password)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(password);
        PrimaryEndpoint = new(this, PrimaryEndpointName);
        UserNameParameter = userName;
        PasswordParameter = password;
    }

    /// <summary>Where it listens.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>Its host.</summary>
    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    /// <summary>Its port.</summary>
    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    /// <summary>Who logs in.</summary>
    public ParameterResource? UserNameParameter { get; set; }

    /// <summary>With what password.</summary>
    public ParameterResource PasswordParameter { get; set; }

    /// <summary>Who logs in, as a value.</summary>
    public ReferenceExpression UserNameReference => UserNameParameter is { } parameter
        ? ReferenceExpression.Create($"{parameter}")
        : ReferenceExpression.Create($"{DefaultUserName}");

    /// <summary>The databases: the resource's name and the database's.</summary>
    public IReadOnlyDictionary<string, string> Databases => _databases;

    /// <summary>Its address as a URI.</summary>
    public ReferenceExpression UriExpression => BuildUri();

    /// <summary>Its address for JDBC.</summary>
    public ReferenceExpression JdbcConnectionString => BuildJdbc();

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"Host={Host};Port={Port};Username={UserNameReference};Password={PasswordParameter}");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Host}")),
        new("Port", ReferenceExpression.Create($"{Port}")),
        new("Username", ReferenceExpression.Create($"{UserNameReference}")),
        new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
        new("Uri", UriExpression),
        new("JdbcConnectionString", JdbcConnectionString),
    ];

    internal void Add(PostgresDatabaseResource database) => _databases.TryAdd(database.Name, database.DatabaseName);

    internal ReferenceExpression BuildUri(string? databaseName = null)
    {
        var uri = new ReferenceExpressionBuilder();
        uri.AppendLiteral("postgresql://");
        if (UserNameParameter is { } userName)
        {
            uri.AppendFormatted(userName, "uri");
        }
        else
        {
            uri.AppendLiteral(DefaultUserName);
        }

        uri.AppendLiteral(":");
        uri.AppendFormatted(PasswordParameter, "uri");
        uri.Append($"@{Host}:{Port}");
        uri.AppendLiteral(databaseName is null ? "" : "/" + Uri.EscapeDataString(databaseName));
        return uri.Build();
    }

    internal ReferenceExpression BuildJdbc(string? databaseName = null)
    {
        var address = new ReferenceExpressionBuilder();
        address.Append($"jdbc:postgresql://{Host}:{Port}");
        address.AppendLiteral(databaseName is null ? "" : "/" + Uri.EscapeDataString(databaseName));
        return address.Build();
    }
}
