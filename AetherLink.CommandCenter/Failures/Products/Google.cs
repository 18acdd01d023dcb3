namespace AetherLink.CommandCenter.Failures.Products;

/// <summary>Its front end words what its services have not said themselves.</summary>
internal static class Google
{
    public static readonly Product Product = new([.. Marks.Of(403, 403, FailureCause.Credentials, "does not have permission to get URL")]);
}
