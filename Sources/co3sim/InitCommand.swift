import ArgumentParser
import Console
import SafeOutput
import SyncerSimulation

/// Writes a scenario to start from.
struct Init: WorkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a commented scenario to start from, and the schema of scenarios.",
    discussion: """
      Existing files are not replaced. A recording is named from the scenario's folder, so that both can \
      be moved together; an absolute path that leads elsewhere stays as it is. Scenarios/README.md lists \
      every key.
      """)

  @Argument(
    help: "The file to write, or '-' to print it.", completion: .file(extensions: ["json"]))
  var file = "scenario.json"

  @Option(
    help: ArgumentHelp(
      "Take the items from this recording, instead of random ones.", valueName: "file"),
    completion: .file(extensions: ["csv", "gz"]))
  var trace: String?

  func work() throws -> ExitCode {
    if file == "-" {
      try trace.map { try StarterScenario.check(trace: $0) }
      printOut(data: try StarterScenario.json(name: "scenario", trace: trace))
      return .success
    }
    let written = try StarterScenario.write(to: file, trace: trace)
    let name = file.shellQuoted
    printOut(
      "Written: \(written.joined(separator: ", "))\nNext: \(CommandText.program) compare \(name); "
        + "\(CommandText.program) advise \(name)\n")
    return .success
  }
}
