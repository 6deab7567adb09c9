// Goes on from one grant of time to the next, as background tasks of phones and functions do.
import Foundation
import Syncer

/// What the system allows: a few seconds at a time.
struct Grant: Sendable {
  let end = ContinuousClock.now + .milliseconds(300)
  var timeLeft: Duration { ContinuousClock.now.duration(to: end) }
}

/// Shows the system that the task has not stalled.
struct Liveness: SyncObserver {
  func syncIsAtWork(_ progress: SyncProgress) {
    if let share = progress.fraction { print("\(Int(100 * share)) % after \(progress.elapsed)") }
  }
}

let mail = Dictionary(uniqueKeysWithValues: (1...60).map { ($0, 10_000 * $0 % 70_000 + 1) })
let done = Mailbox()
/// What the last grant has learned; an app keeps it in a file, as `LearnedCosts` is Codable.
var kept: Data?

for _ in 1...10 {
  let grant = Grant()
  let handler = ClosureSyncHandler<Int, Int, Int, Int>(
    costHint: { mail[$0.key].map(Double.init) },
    handle: { entry in
      try await Task.sleep(for: .microseconds(mail[entry.key] ?? 0))  // a download would be here
      return entry.key
    },
    processChunk: { await done.store($0.outputs) })
  let learned = try kept.map { try JSONDecoder().decode(LearnedCosts.self, from: $0) }
  var syncer = Syncer(
    differ: Differ(
      left: ArrayResource(mail.keys.sorted()), right: ArrayResource(await done.messages)),
    handler: handler, scheduler: DeadlineScheduler(learned: learned), order: .smallestFirst,
    observer: Liveness())
  syncer.timeLeft = { grant.timeLeft }
  syncer.heartbeat = .seconds(2)
  let report = try await syncer.chunkedSync(chunkTime: .milliseconds(100))
  kept = try report.learned.map { try JSONEncoder().encode($0) }
  print("\(report.handledCount) messages, \(report.stopReason.rawValue)")
  if report.stopReason == .completed { break }
}

/// Where messages go.
actor Mailbox {
  private(set) var messages: [Int] = []
  func store(_ new: [Int]) { messages += new }
}
