using ConfigClients.Architecture.Rules;

namespace ConfigClients.Architecture;

public sealed class ReferenceTests
{
    [Fact]
    public void Projects_reference_only_what_the_table_allows() =>
        Expect.NoFault(Repository.Read("src", ".csproj").SelectMany(ReferenceRule.Faults));

    [Theory]
    [InlineData("ConfigClients.Core", """<PackageReference Include="Newtonsoft.Json" />""")]
    [InlineData("ConfigClients.Core", """<ProjectReference Include="..\ConfigClients.Embedded\ConfigClients.Embedded.csproj" />""")]
    [InlineData("ConfigClients.Consul", """<ProjectReference Include="..\ConfigClients.Embedded\ConfigClients.Embedded.csproj" />""")]
    [InlineData("ConfigClients.Consul", """<ProjectReference Include="../ConfigClients.Recipes/ConfigClients.Recipes.csproj" />""")]
    [InlineData("ConfigClients.Consul", """<PackageReference Include="Microsoft.Data.Sqlite" />""")]
    [InlineData("ConfigClients", """<ProjectReference Include="..\ConfigClients.Consul\ConfigClients.Consul.csproj" />""")]
    [InlineData("ConfigClients.Recipes", """<PackageReference Include="Polly.Core" />""")]
    [InlineData("ConfigClients.Recipes", """<PackageReference Include="DistributedLock.Core" />""")]
    [InlineData("ConfigClients.DistributedLock", """<ProjectReference Include="..\ConfigClients.Etcd\ConfigClients.Etcd.csproj" />""")]
    [InlineData("ConfigClients.Core", """<Compile Include="..\Elsewhere\Shared.cs" />""")]
    [InlineData("ConfigClients.Unknown", "")]
    public void A_reference_outside_the_table_is_a_fault(string project, string item) =>
        Assert.Single(ReferenceRule.Faults(new TextFile($"src/{project}/{project}.csproj", $"<Project><ItemGroup>{item}</ItemGroup></Project>")));

    [Fact]
    public void The_front_door_names_no_store_that_a_user_adds() =>
        Expect.NoFault(Repository.ReadSources("src/ConfigClients").SelectMany(ReferenceRule.Namings));

    [Fact]
    public void Naming_a_store_in_the_front_door_is_a_fault() =>
        Assert.NotEmpty(ReferenceRule.Namings(SourceFile.Parse("src/ConfigClients/A.cs", "class A { string B() => \"consul:\"; }")));
}
