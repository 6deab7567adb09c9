/// Chunks of little waste where more than one thing is done at a time: the best of those that end at few
/// places.
///
/// What a chunk takes is found by giving its items to the handler, and its jobs to the worker, that is
/// free first, as the machine does. Chunks end after items of T/32 or more of work together, and are no longer than twice what
/// they can be; both only cost what finer places would win.
struct ParallelPlan {
  private(set) var chunkEnds: [Int] = []

  init(_ costs: ItemCosts, target: Double, overhead: Double, cap: Int) {
    let places = Self.places(costs, step: max(target, 2 * overhead) / 32, cap: cap)
    let constant = Waste.costPerChunk(target: target, overhead: overhead)
    var least = [Double](repeating: .infinity, count: places.count)
    var previous = [Int](repeating: 0, count: places.count)
    least[0] = 0
    for start in 0..<(places.count - 1) {
      var handlers = WorkerSchedule(workers: costs.handlersAtOnce)
      var workers = WorkerSchedule(workers: costs.workers)
      var longest = max(target, 2 * overhead)
      for end in (start + 1)..<places.count {
        if places[end] - places[start] > cap { break }
        for place in places[end - 1]..<places[end] {
          handlers.add(costs.handling(place))
          workers.add(costs.processing(place))
          longest = max(longest, overhead + costs.seconds(place))
        }
        let duration = overhead + Double(handlers.makespan + workers.makespan) / 1e9
        let sum = least[start] + constant + duration * duration
        if sum < least[end] {
          least[end] = sum
          previous[end] = start
        }
        if duration > 2 * longest && end > start + 1 { break }
      }
    }
    var end = places.count - 1
    while end > 0 {
      chunkEnds.append(places[end])
      end = previous[end]
    }
    chunkEnds.reverse()
  }

  /// Where chunks may end: after items that take a step of time together, or a chunk at its cap.
  private static func places(_ costs: ItemCosts, step: Double, cap: Int) -> [Int] {
    var places = [0]
    for place in 1...costs.count {
      let last = places[places.count - 1]
      if place == costs.count || costs.work[place] - costs.work[last] >= step
        || place - last >= max(1, cap / 8)
      {
        places.append(place)
      }
    }
    return places
  }
}
