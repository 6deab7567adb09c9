import Syncer
import SyncerRouting
import SyncerTesting
import Synchronization
import TestSupport
import Testing

/// What must hold of every router, on virtual time, over random seeds.
struct RouterLawTests {
  /// What callbacks see of each other.
  private final class Watch: Sendable {
    struct State {
      var running: [Int: Int] = [:]
      var busiest = 0
      var hasRunTwiceAtOnce = false
      var callCount = 0
    }

    let state = Mutex(State())

    func enter(_ event: Int) {
      state.withLock { state in
        state.callCount += 1
        state.running[event, default: 0] += 1
        state.hasRunTwiceAtOnce = state.hasRunTwiceAtOnce || state.running[event, default: 0] > 1
        state.busiest = max(state.busiest, state.running.values.reduce(0, +))
      }
    }

    func leave(_ event: Int) {
      state.withLock { $0.running[event, default: 0] -= 1 }
    }
  }

  private struct Run: Equatable {
    var outcomes: [[String]]
    var duration: Duration
    var busiest: Int
    var callCount: Int
    var hasRunTwiceAtOnce: Bool
  }

  /// Several submissions with repeated events, at random times, and now and then a shutdown.
  private func run(seed: UInt64) throws -> Run {
    var draw = SplitMix64(seed: seed)
    let workers = 1 + draw.next(below: 6)
    let submissions = (0...draw.next(below: 3)).map { _ in
      (
        at: draw.next(below: 30),
        events: (0..<draw.next(below: 40)).map { _ in draw.next(below: 15) }
      )
    }
    let urgency: RouterShutdown? = [nil, nil, .graceful, .immediate][draw.next(below: 4)]
    let end = draw.next(below: 60)
    return try VirtualTime.run(limit: .seconds(3600), grace: .zero) { clock in
      let watch = Watch()
      let router = Router(workers: workers, clock: clock, routes: routes(clock, watch))
      let outcomes = await router.running {
        await withTaskGroup(of: (Int, [String]).self) { group in
          if let urgency {
            group.addTask {
              do { try await clock.sleep(for: .milliseconds(end)) } catch { return (-1, []) }
              router.shutdown(urgency)
              return (-1, [])
            }
          }
          for (index, submission) in submissions.enumerated() {
            group.addTask {
              do { try await clock.sleep(for: .milliseconds(submission.at)) } catch {}
              var seen: [String] = []
              for await done in router.submit(submission.events) {
                seen.append("\(done.position) \(done.event) \(done.outcome) \(done.duration)")
              }
              return (index, seen)
            }
          }
          var outcomes = [[String]](repeating: [], count: submissions.count)
          for await (index, seen) in group where index >= 0 { outcomes[index] = seen }
          return outcomes
        }
      }
      for (index, submission) in submissions.enumerated() {
        let positions = outcomes[index].compactMap {
          $0.split(separator: " ").first.map(String.init)
        }
        let expected = submission.events.indices.map(String.init)
        #expect(positions.sorted() == expected.sorted(), "seed \(seed): one outcome per event")
      }
      let state = watch.state.withLock { $0 }
      return Run(
        outcomes: outcomes, duration: .nanoseconds(clock.now.nanoseconds), busiest: state.busiest,
        callCount: state.callCount, hasRunTwiceAtOnce: state.hasRunTwiceAtOnce)
    }
  }

  /// Even events take a while, every fifth fails, and 7 and 14 match nothing.
  private func routes(_ clock: VirtualClock, _ watch: Watch) -> [Route<Int>] {
    [
      Route(where: { $0 % 7 != 0 || $0 == 0 }) { event in
        watch.enter(event)
        defer { watch.leave(event) }
        if event % 2 == 0 { try await clock.sleep(for: .milliseconds(event)) }
        if event % 5 == 0 { throw Broken(what: "\(event)") }
      }
    ]
  }

  @Test(
    "every event has one outcome, no more than the workers run, none twice at once; it repeats",
    arguments: [0..<100, 100..<200, 200..<300] as [Range<UInt64>])
  func laws(seeds: Range<UInt64>) throws {
    var busy = 0
    for seed in seeds {
      let run = try run(seed: seed)
      var draw = SplitMix64(seed: seed)
      let workers = 1 + draw.next(below: 6)
      #expect(run.busiest <= workers, "RouterLawTests seed \(seed)")
      #expect(!run.hasRunTwiceAtOnce, "RouterLawTests seed \(seed)")
      let repeated = try self.run(seed: seed)
      #expect(repeated == run, "RouterLawTests seed \(seed) differs when repeated")
      if run.busiest == workers && workers > 1 { busy += 1 }
      let begun = run.outcomes.joined().filter {
        !$0.contains(" unmatched ") && !$0.contains(" cancelled ")
      }
      #expect(run.callCount >= begun.count, "RouterLawTests seed \(seed)")
    }
    #expect(busy > 20, "the workers were hardly ever all busy")
  }
}
