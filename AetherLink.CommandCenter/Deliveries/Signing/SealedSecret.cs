namespace AetherLink.CommandCenter.Deliveries.Signing;

/// <summary>A secret as it lies in the table. It does not print itself either: what it was sealed with may become known later.</summary>
internal sealed class SealedSecret(string text)
{
    public string Text => text;

    public override string ToString() => "***";
}
