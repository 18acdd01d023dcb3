using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace AetherLink.Tests.AutoHeal;

public sealed class SettingsTests
{
    [Fact]
    public void Settings_have_the_numbers_of_the_environment_when_nothing_is_given()
    {
        var development = Read("Development");
        Assert.Equal((2, 10, 10), (development.Interval.TotalSeconds, development.Limits.Cooldown.TotalSeconds, development.Limits.StartUpGrace.TotalSeconds));

        var production = Read("Production");
        Assert.Equal((30, 300, 30), (production.Interval.TotalSeconds, production.Limits.Cooldown.TotalSeconds, production.Limits.StartUpGrace.TotalSeconds));
        Assert.Equal(new GovernorLimits(), production.Limits);
    }

    [Fact]
    public void Settings_enrol_what_is_named_and_probe_it_where_they_are_told()
    {
        var settings = Read("Production",
            ("AUTOHEAL_SERVICES", """["orchestrator","web"]"""), ("AUTOHEAL_HEALTH_ENDPOINTS", """{"web":"http://web/health.json"}"""));

        Assert.Equal(["http://orchestrator/alive", "http://web/health.json"], settings.Services.Select(service => service.Probe.ToString()));
    }

    [Fact]
    public void Settings_have_no_longest_pause_of_their_own_when_the_pause_does_not_grow() =>
        Assert.Equal(TimeSpan.FromSeconds(60), Read("Production", ("AUTOHEAL_BACKOFF_FACTOR", "1"), ("AUTOHEAL_COOLDOWN_SECONDS", "60")).Limits.LongestCooldown);

    [Fact]
    public void Settings_have_watched_what_the_enrolled_need_where_they_say_how_to_ask_it()
    {
        var settings = Read("Production",
            ("AUTOHEAL_SERVICES", """["web"]"""), ("AUTOHEAL_DEPENDENCIES", """{"web":["postgres","kafka"]}"""),
            ("AUTOHEAL_HEALTH_ENDPOINTS", """{"postgres":"connectionstring:aetherlink"}"""));

        Assert.Equal([("postgres", "connectionstring:aetherlink")], settings.Needed.Select(needed => (needed.Name, needed.Probe.OriginalString)));
        Assert.Equal(["web"], settings.Services.Select(service => service.Name));
    }

    [Fact]
    public void Settings_refuse_with_every_fault_and_its_fix()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => Read("Production",
            ("AUTOHEAL_SERVICES", """["auto-heal","web"]"""), ("AUTOHEAL_HEALTH_ENDPOINTS", """{"stranger":"http://x/","web":"ftp://web"}"""),
            ("AUTOHEAL_INTERVAL_SECONDS", "soon")));

        Assert.Contains("a healer does not restart itself", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("AUTOHEAL_HEALTH_ENDPOINTS names stranger", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'ftp://web' of web is neither a http address", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("AUTOHEAL_INTERVAL_SECONDS=soon is not a number", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AUTOHEAL_SERVICES", "web")]
    [InlineData("AUTOHEAL_SERVICES", "null")]
    [InlineData("AUTOHEAL_SERVICES", "[null]")]
    [InlineData("AUTOHEAL_OBSERVE", """{"web":true}""")]
    [InlineData("AUTOHEAL_OBSERVE", "null")]
    [InlineData("AUTOHEAL_OBSERVE", "[null]")]
    [InlineData("AUTOHEAL_HEALTH_ENDPOINTS", """["http://web/"]""")]
    [InlineData("AUTOHEAL_HEALTH_ENDPOINTS", "null")]
    [InlineData("AUTOHEAL_HEALTH_ENDPOINTS", """{"web":null}""")]
    [InlineData("AUTOHEAL_DEPENDENCIES", """{"web":"postgres"}""")]
    [InlineData("AUTOHEAL_DEPENDENCIES", "null")]
    [InlineData("AUTOHEAL_DEPENDENCIES", """{"web":null}""")]
    [InlineData("AUTOHEAL_DEPENDENCIES", """{"web":[null]}""")]
    public void Settings_name_what_is_not_JSON_of_its_form_or_has_a_null_in_it(string name, string value) =>
        Assert.Contains($"{name} is not JSON of the form ", Refusal((name, value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("AUTOHEAL_FAILURES")]
    [InlineData("AUTOHEAL_CONFIRMATIONS")]
    [InlineData("AUTOHEAL_RECOVERIES")]
    [InlineData("AUTOHEAL_HOURLY_LIMIT")]
    [InlineData("AUTOHEAL_FLEET_HOURLY_LIMIT")]
    [InlineData("AUTOHEAL_BRAKE_MINIMUM")]
    public void Settings_name_what_is_no_whole_number_and_do_not_round_it(string name)
    {
        foreach (var value in new[] { "2.9", "0.5", "-1", "100001", "NaN", "two" })
            Assert.Contains($"{name}={value} is not a whole number from 0 to 100000.", Refusal((name, value)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12")]
    [InlineData("12.0")]
    [InlineData("1.2e1")]
    public void Settings_take_a_whole_number_however_it_is_written(string value) =>
        Assert.Equal(12, Read("Production", ("AUTOHEAL_FLEET_HOURLY_LIMIT", value)).Limits.FleetRestartsPerHour);

    [Fact]
    public void Settings_refuse_limits_that_cancel_each_other_out() =>
        Assert.Contains("can never act", Assert.Throws<InvalidOperationException>(() =>
            Read("Production", ("AUTOHEAL_COOLDOWN_SECONDS", "1800"), ("AUTOHEAL_HOURLY_LIMIT", "2"))).Message, StringComparison.Ordinal);

    private static string Refusal(params (string Name, string Value)[] settings) =>
        Assert.Throws<InvalidOperationException>(() => Read("Production", settings)).Message;

    private static HealSettings Read(string environment, params (string Name, string Value)[] settings) =>
        SettingsReader.Read(
            new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => pair.Name, pair => (string?)pair.Value)).Build(),
            new FakeEnvironment(environment), "auto-heal");

    private sealed class FakeEnvironment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
