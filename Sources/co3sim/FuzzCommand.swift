import ArgumentParser
import Console
import Syncer
import SyncerSimulation

/// Runs random scenarios and checks what must hold of all of them.
struct Fuzz: WorkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run random scenarios and check what must hold of every sync.",
    discussion: """
      Every item processed once and in order, chunks within their bounds, time without gaps, finite \
      figures, the same again when repeated. Exit code 2 where something does not hold.
      """)

  @Option(parsing: .unconditional, help: "How many scenarios.")
  var seeds = 1000

  @Option(
    parsing: .unconditional, help: "The first seed, 1 unless given.", transform: SeedOption.seed)
  var seed: UInt64 = 1

  @OptionGroup var print: QuietOptions

  func validate() throws {
    if seeds < 1 { throw ValidationError("--seeds must be at least 1, but it is \(seeds).") }
  }

  func work() async throws -> ExitCode {
    let progress = Progress(print)
    let fuzzer = Fuzzer()
    for index in 0..<seeds {
      if index % 100 == 0 { progress.show("\(index) of \(seeds)") }
      if let failure = try await fuzzer.check(seed: seed &+ UInt64(index)) {
        progress.clear()
        printOut("\(failure)")
        return ExitCode(2)
      }
    }
    progress.clear()
    printOut(
      "\(seeds.counted("scenario")) from seed \(seed): everything holds.\n")
    return .success
  }
}
