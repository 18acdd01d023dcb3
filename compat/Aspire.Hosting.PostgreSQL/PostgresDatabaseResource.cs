namespace Aspire.Hosting.ApplicationModel;

/// <summary>A database of a Postgres server.</summary>
/// <param name="name">Its name in the model.</param>
/// <param name="databaseName">Its name in the server.</param>
/// <param name="postgresParentResource">The server.</param>
public class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource)
    : Resource(name), IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
{
    /// <summary>The server.</summary>
    public PostgresServerResource Parent { get; } = postgresParentResource;

    /// <summary>Its name in the server.</summary>
    public string DatabaseName { get; } = databaseName;

    /// <summary>Its address as a URI.</summary>
    public ReferenceExpression UriExpression => Parent.BuildUri(DatabaseName);

    /// <summary>Its address for JDBC.</summary>
    public ReferenceExpression JdbcConnectionString => Parent.BuildJdbc(DatabaseName);

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{(IResourceWithConnectionString)Parent};Database={DatabaseName}");

    // The server's own, in its order, with this database in its addresses.
    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        ((IResourceWithConnectionString)Parent).GetConnectionProperties()
            .Select(property => property.Key switch
            {
                "Uri" => new(property.Key, UriExpression),
                "JdbcConnectionString" => new(property.Key, JdbcConnectionString),
                _ => property,
            })
            .Append(new("DatabaseName", ReferenceExpression.Create($"{DatabaseName}")));
}
