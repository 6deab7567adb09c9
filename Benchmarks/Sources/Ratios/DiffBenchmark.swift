import Foundation
import Syncer

/// The difference of two sets of text keys against dictionaries and sets in Python.
struct DiffBenchmark {
  private static let count = 5_000_000

  /// Compares in this process, and prints seconds and megabytes as the script does.
  static func child() async {
    func keys(_ numbers: Range<Int>) -> [String] {
      numbers.map { number in
        let digits = String(number)
        let zeros = String(repeating: "0", count: 10 - digits.count)
        return "speech/session-\(zeros)\(digits)/audio.wav"
      }
    }
    let left = keys(0..<count)
    let right = keys(count / 2..<count / 2 + count)
    let before = peakMegabytes
    var found = 0
    let seconds = await Measure.seconds {
      let sets = Differences(left: left, right: right, leftKey: { $0 }, rightKey: { $0 })
      found = sets.count
    }
    precondition(found == count + count / 2, "The difference has \(found) keys.")
    print(figure(seconds, 3), figure(peakMegabytes - before, 0))
  }

  private static var peakMegabytes: Double {
    var usage = rusage()
    // RUSAGE_SELF, which is an enumeration in Glibc and a number elsewhere.
    getrusage(0, &usage)
    return Double(usage.ru_maxrss) / 1024
  }

  func run(script: String) throws {
    var samples: [[[Double]]] = [[], []]
    for _ in 0..<3 {
      let programs = [
        ["python3", script, "\(Self.count)"], [CommandLine.arguments[0], "diff-child"],
      ]
      for (index, program) in programs.enumerated() {
        let output = try Measure.program(program).output
        samples[index].append(
          output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) })
      }
    }
    func median(_ index: Int, _ column: Int) -> Double {
      samples[index].map { $0[column] }.sorted()[1]
    }
    let times = median(0, 0) / median(1, 0)
    Ratio(
      name: "diff of 5 million text keys, half shared: times faster than Python", target: ">= 6",
      measured: "\(figure(times, 1)) (\(figure(median(0, 0), 1)) s, \(figure(median(1, 0), 1)) s)",
      isMet: times >= 6
    ).printLine()
    let memory = median(1, 1) / median(0, 1)
    Ratio(
      name: "the same, extra memory", target: "<= 0.25",
      measured: "\(figure(memory)) (\(figure(median(0, 1), 0)) MB, \(figure(median(1, 1), 0)) MB)",
      isMet: memory <= 0.25
    ).printLine()
  }
}
