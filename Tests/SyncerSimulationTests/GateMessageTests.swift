import SyncerSimulation
import SyncerTesting
import Testing

/// What the gate says to do can be typed as it stands.
struct GateMessageTests {
  @Test("the verdict names the file that was given, the folder of the baselines and the program")
  func names() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("my own.json", BrokenScenario.json())
    let scenario = try Scenario(file: file)
    let outcome = try await Gate(baselines: folder["kept"]).check(scenario, program: "./co3sim")
    #expect(
      outcome.message.contains("./co3sim gate --accept --baselines \(folder["kept"]) '\(file)'\n"),
      "\(outcome.message)")
    #expect(outcome.message.contains("Look: ./co3sim run '\(file)' --output -\n"))
    let standard = try Gate().check([], of: scenario)
    #expect(standard.message.contains("gate --accept '\(file)'\n"), "\(standard.message)")
  }

  @Test("the command says how it was called, and what it says to do can be done")
  func command() throws {
    let co3sim = try Co3simProcess()
    _ = try co3sim.scenario(name: "mine")
    let first = try co3sim.run("gate", "mine.json", "--baselines", "b")
    #expect(first.code == 2)
    #expect(first.out.contains("co3sim gate --accept --baselines b mine.json\n"), "\(first)")
    #expect(
      first.out.hasPrefix(
        "'mine' has neither a baseline nor bounds: nothing was checked, which does not pass.\n"),
      "\(first)")
    #expect(first.out.contains("To record one, and check against it from then on: "), "\(first)")
    #expect(!first.out.contains("If the change is intended"), "\(first)")
    #expect(try co3sim.run("gate", "--accept", "--baselines", "b", "mine.json").code == 0)
    #expect(try co3sim.run("gate", "mine.json", "--baselines", "b").code == 0)
  }

  @Test("schedulers without a baseline are named, and a last line sums up several scenarios")
  func lacking() throws {
    let co3sim = try Co3simProcess()
    _ = try co3sim.scenario(name: "mine")
    _ = try co3sim.scenario(name: "other")
    #expect(try co3sim.run("gate", "--accept", "--baselines", "b", "mine.json").code == 0)
    let both = try co3sim.run("gate", "mine.json", "other.json", "--baselines", "b")
    #expect(both.code == 2)
    #expect(both.out.contains("'other' has neither a baseline nor bounds: "), "\(both)")
    #expect(
      both.out.hasSuffix("Scenarios: 1 as their baselines; 1 without a baseline.\n"), "\(both)")
    _ = try co3sim.scenario(
      name: "mine", schedulers: #"["moving-average", "deadline", "time-box", "oracle"]"#)
    let more = try co3sim.run("gate", "mine.json", "--baselines", "b")
    #expect(more.out.contains("'mine' has no baseline for oracle, time-box.\n"), "\(more)")
  }
}
