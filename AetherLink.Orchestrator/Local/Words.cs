using System.Collections.Frozen;
using System.Globalization;

namespace AetherLink.Orchestrator.Local;

/// <summary>The words that the rules know.</summary>
internal static class Words
{
    /// <summary>Words that begin sentences and greetings with a capital, and are no part of anybody's name.</summary>
    public static FrozenSet<string> NotNames { get; } = Set("""
        a about after all also am an and any are as at be been before best but by call can could dear did do does email for from
        good great had has have he hello her here hey hi his hope how i if im in interested is it its just kind kindly last let
        let's like looking many may me more my name new next no not of off on one or our out please re regards reply see send
        sent she sincerely so some soon thank thanks that the their them there they this to today tomorrow up us was we
        well were what when where which who why will with would yes you your yours cheers warm warmly subject date phone tel mobile
        fax company organization organisation website web address title role cc bcc fwd fw monday tuesday wednesday thursday friday
        saturday sunday january february march april june july august september october november december morning afternoon
        evening team sales support marketing info contact office dept department manager director engineer head chief officer president
        founder owner ceo cto cfo coo cmo vp iphone android ipad outlook gmail demo pricing quote urgent asap trial product service
        services note notes meeting follow mit freundlichen grüßen gruß viele liebe beste grüsse danke bonjour cordialement merci
        bien saludos gracias hola atentamente guten tag hallo sehr geehrte geehrter geehrtes herr frau und ich wir aus von bei cordiali saluti
        hälsningar vänliga both two three either currently just calling writing reaching happy sorry glad excited responsible working
        trying afraid sure spoke talked met voicemail message inquiry
        enquiry referral lead greetings update feedback question request order spotted heard found referred available back ready very really still now only going getting having using new away based located
        """);

    /// <summary>Between the parts of a name, in lower case.</summary>
    public static FrozenSet<string> Particles { get; } = Set("van von der den de del della di da dos das do du la le bin ibn al el ter ten zu zur y e af av");

    public static FrozenSet<string> Titles { get; } = Set("dr dr. mr mr. mrs mrs. ms ms. prof prof. sir madam herr frau monsieur mme m. señor señora sr. sra. ing. dipl.-ing.");

    /// <summary>Legal forms and other last words of companies' names.</summary>
    public static FrozenSet<string> CompanyEndings { get; } = Set("""
        inc inc. llc llc. ltd ltd. limited gmbh ag kg ug se sa s.a. sas sarl s.à.r.l. bv b.v. nv n.v. corp corp. corporation co co. company plc
        pty pvt srl s.r.l. s.l. s.p.a. spa oy ab as a/s aps kgaa e.v. llp lp group holdings holding labs lab technologies technology tech solutions
        partners systems consulting studio studios bank university foundation hospital industries international logistics ventures
        capital media software networks energy health healthcare pharma foods motors airlines insurance realty properties agency
        associates enterprises services school college institute clinic bakery dental legal k.k. kk
        """);

    public static FrozenSet<string> Places { get; } = Set("""
        berlin munich hamburg vienna zurich geneva paris lyon london manchester dublin edinburgh madrid barcelona lisbon rome milan
        amsterdam rotterdam brussels copenhagen stockholm oslo helsinki warsaw prague budapest athens istanbul dubai mumbai delhi
        bangalore singapore tokyo osaka seoul beijing shanghai sydney melbourne auckland toronto vancouver montreal chicago boston
        seattle austin denver miami houston dallas atlanta california texas florida germany france spain italy england scotland ireland
        canada australia india japan china brazil mexico argentina sweden norway denmark finland poland switzerland austria nigeria
        kenya lagos nairobi europe america usa uk us
        """);

    public static FrozenSet<string> Departments { get; } = Set("""
        operations marketing sales finance engineering procurement purchasing it hr product support legal security accounting people
        growth design research partnerships communications strategy customer business technology digital human information
        """);

    public static FrozenSet<string> FreeMail { get; } = Set("""
        gmail googlemail outlook hotmail live msn yahoo ymail icloud me mac aol gmx web proton protonmail pm zoho mail fastmail
        yandex qq 163 126 t-online orange free wanadoo libero comcast verizon att example test
        """);

    /// <summary>Mailboxes that are nobody's own.</summary>
    public static FrozenSet<string> SharedMailboxes { get; } = Set("""
        info sales support contact hello office admin help team service billing accounts marketing hr jobs careers press noreply no-reply
        donotreply do-not-reply mailer-daemon postmaster newsletter enquiries inquiries kontakt orders feedback webmaster abuse
        """);

    public static string TitleCase(string word) => string.Join('-', word.Split('-').Select(Capital));

    private static string Capital(string part) => part.Length == 0
        ? part
        : part.Length > 2 && part[1] == '\''
            ? char.ToUpper(part[0], CultureInfo.InvariantCulture) + "'" + Capital(part[2..])
            : char.ToUpper(part[0], CultureInfo.InvariantCulture) + part[1..].ToLower(CultureInfo.InvariantCulture);

    private static FrozenSet<string> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
