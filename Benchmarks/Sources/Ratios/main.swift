import Foundation

// Usage: ratios [loop] [diff] [simulation]   (all of them unless named; see Makefile, bench)
let arguments = CommandLine.arguments.dropFirst()
let here = URL(filePath: #filePath).deletingLastPathComponent()
let benchmarks = here.deletingLastPathComponent().deletingLastPathComponent()

do {
  if arguments == ["diff-child"] {
    await DiffBenchmark.child()
  } else {
    func isAsked(_ name: String) -> Bool { arguments.isEmpty || arguments.contains(name) }
    FileHandle.standardOutput.write(
      Data("| figure | target | measured | |\n|---|--:|--:|---|\n".utf8))
    if isAsked("simulation") {
      let co3sim = benchmarks.deletingLastPathComponent().appending(path: ".build/release/co3sim")
      let benchmark = try SimulationBenchmark(co3sim: co3sim.path)
      try await benchmark.run()
      try benchmark.removeFolder()
    }
    if isAsked("loop") { try await LoopBenchmark().run() }
    if isAsked("diff") {
      try DiffBenchmark().run(script: benchmarks.appending(path: "plain_diff.py").path)
    }
  }
} catch {
  FileHandle.standardError.write(Data("ratios: \(error)\n".utf8))
  exit(1)
}
