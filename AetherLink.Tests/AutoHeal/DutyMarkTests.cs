using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace AetherLink.Tests.AutoHeal;

public sealed class DutyMarkTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aether-duty-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false, null, false)]
    [InlineData(true, null, true)]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    public void Healer_acts_alone_by_what_Postgres_said_last_also_to_the_process_before_it(bool isDevelopment, bool? said, bool acts)
    {
        var file = new LocalFile<DutyMark>(Path.Combine(_folder.FullName, "mark.json"), NullLogger.Instance);
        var before = new Duty(file, isDevelopment);
        if (said is { } isOurs)
        {
            before.Told(isOurs);
        }

        var after = new Duty(file, isDevelopment);

        Assert.Equal(acts, after.WhyNot is null);
        Assert.Equal(said is not null, before.Holder == after.Holder);
    }
}
