using Realtime.Protocol.Testing.Simulation.Shapes;

namespace Realtime.Protocol.Testing.Tests.Simulation.Shapes;

/// <summary>
/// The simulator's tables of client events are held to the schema: every path has a row, no row is without a path, and where a row says
/// something else than the schema it says why. Whoever adds a member to the schema decides here what the simulated service does with it.
/// </summary>
public class ClientShapesTests
{
    public static TheoryData<string, string> Events =>
    [
        .. SchemaPaths.Of("realtime").Keys.Select(static type => ("realtime", type)),
        .. SchemaPaths.Of("translation").Keys.Select(static type => ("translation", type)),
    ];

    [Theory]
    [MemberData(nameof(Events))]
    public void EveryPathOfTheSchema_HasARow_ThatSaysTheSame(string family, string type)
    {
        Dictionary<string, Shape> schema = SchemaPaths.Of(family)[type];
        EventShape shapes = Table(family).Single(one => one.Type == type);

        Assert.Empty(schema.Keys.Except(shapes.Rows.Select(static row => row.Path)));
        Assert.Empty(shapes.Rows.Select(static row => row.Path).Except(schema.Keys));
        Assert.All(shapes.Rows, row => Assert.Equal(row.Otherwise is null, Says(row) == Says(schema[row.Path])));
    }

    [Fact]
    public void EveryEventOfTheSchema_HasATable_AndNoTableIsWithoutAnEvent()
    {
        Assert.Equal(SchemaPaths.Of("realtime").Keys.Order(StringComparer.Ordinal), Table("realtime").Select(static one => one.Type).Order(StringComparer.Ordinal));
        Assert.Equal(SchemaPaths.Of("translation").Keys.Order(StringComparer.Ordinal), Table("translation").Select(static one => one.Type).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void EveryRow_HangsUnderARow_AndOneSessionMeetsItOnce(string family, string type)
    {
        Shape[] rows = Table(family).Single(one => one.Type == type).Rows;

        Assert.All(rows, row => Assert.True(ShapeNode.Split(row.Path).Parent is not { } parent || rows.Any(other => other.Path == parent), row.Path));
        Assert.All(rows.GroupBy(static row => row.Path), static group =>
            Assert.All(Enum.GetValues<ShapeSessions>().Where(static session => int.PopCount((int)session) == 1), session => Assert.True(group.Count(row => row.Sessions?.HasFlag(session) ?? true) <= 1, group.Key)));
    }

    private static EventShape[] Table(string family) => family == "realtime" ? ClientShapes.Realtime : ClientShapes.Translation;

    private static string Says(Shape row) =>
        $"{row.Path} {row.Forms} [{string.Join(',', row.Values)}] {row.Least}..{row.Most} {row.MaxLength} {row.MaxMembers} {row.MaxNameLength} {row.IsRequired} {row.IsNeverEmpty} {string.Join(',', row.NeedsOneOf)}";
}
