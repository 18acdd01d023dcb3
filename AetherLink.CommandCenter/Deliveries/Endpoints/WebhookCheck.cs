using AetherLink.CommandCenter.Deliveries.Addresses;
using AetherLink.CommandCenter.Deliveries.Signing;
using AetherLink.CommandCenter.Events;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Deliveries.Endpoints;

/// <summary>Reads the body of an endpoint, and names all that is wrong with it at once.</summary>
internal sealed class WebhookCheck(AddressCheck addresses, SecretVault vault)
{
    private const int MostTypes = 50;
    private const int LongestType = 128;

    /// <param name="body">What was sent.</param>
    /// <param name="before">What it changes; null for a new one.</param>
    public (WebhookEndpoint? Endpoint, IReadOnlyList<FieldError> Errors) Read(WebhookBody body, WebhookEndpoint? before)
    {
        var errors = new List<FieldError>();
        var url = Url(body.Url, before, errors);
        var kind = before?.Kind ?? EndpointKind.Standard;
        if (body.Kind is { } named)
        {
            if (!EndpointKinds.TryParse(named, out kind))
            {
                errors.Add(new("kind", $"must be {EndpointKinds.Listed}"));
            }
        }
        else if (body.Url is not null && url is not null)
        {
            kind = EndpointKinds.Guess(url.Uri);
        }
        var severity = before?.Severity ?? Severity.Info;
        if (body.Severity is { } least && !SeverityNames.TryParse(least, out severity))
        {
            errors.Add(new("severity", $"must be {SeverityNames.Listed}"));
        }
        if (body.EventTypes is { } types && (types.Count is 0 or > MostTypes
            || types.Any(type => type is not { Length: > 0 and <= LongestType } || type.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter)))))
        {
            errors.Add(new("event_types", $"must be 1 to {MostTypes} event types of 1 to {LongestType} characters, with * for any text"));
        }
        if (body.TenantId is { } tenant && (tenant.Length is 0 or > EventLimits.TenantLength || tenant.Any(char.IsControl)))
        {
            errors.Add(new("tenant_id", $"must be 1 to {EventLimits.TenantLength} characters, without control characters"));
        }
        SigningSecret? secret = null;
        if (body.Secret is not null && !SigningSecret.TryParse(body.Secret, out secret))
        {
            errors.Add(new("secret", SigningSecret.Expected));
        }
        if (errors.Count > 0)
        {
            return (null, errors);
        }
        var endpoint = before ?? New(url!);
        return (endpoint with
        {
            Url = url!,
            Kind = kind,
            TenantId = body.TenantId ?? before?.TenantId,
            EventTypes = body.EventTypes ?? before?.EventTypes ?? [EventMatching.DefaultTypes],
            Severity = severity,
            Secret = secret is null ? endpoint.Secret : vault.Seal(secret, endpoint.Id),
            Enabled = body.Enabled ?? before?.Enabled ?? true,
        }, []);
    }

    private EndpointUrl? Url(string? text, WebhookEndpoint? before, List<FieldError> errors)
    {
        if (text is null)
        {
            if (before is null)
            {
                errors.Add(new("url", "is required"));
            }
            return before?.Url;
        }
        if (!EndpointUrl.TryParse(text, out var url))
        {
            errors.Add(new("url", $"must be an absolute http or https URL of at most {EndpointUrl.Longest} characters"));
            return null;
        }
        if (addresses.Complaint(url.Uri) is { } complaint)
        {
            errors.Add(new("url", complaint));
        }
        return url;
    }

    private WebhookEndpoint New(EndpointUrl url)
    {
        var id = Guid.CreateVersion7();
        return new()
        {
            Id = id,
            Url = url,
            Kind = EndpointKind.Standard,
            EventTypes = [],
            Secret = vault.Seal(SigningSecret.Make(), id),
        };
    }
}
