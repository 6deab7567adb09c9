import ArgumentParser
import Console
import Syncer
import SyncerSimulation

/// Runs random scenarios and checks what must hold of all of them.
struct Fuzz: WorkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run random scenarios and check the invariants of every sync.",
    discussion: """
      Every item is processed once and in order, chunks keep their limits, time has no gaps, figures are \
      finite, and a repeated run is the same. Exit code 2 if an invariant is broken.
      """)

  @Option(parsing: .unconditional, help: "The number of scenarios.")
  var seeds = 1000

  @Option(
    parsing: .unconditional, help: "The first seed (default: 1).", transform: SeedOption.seed)
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
