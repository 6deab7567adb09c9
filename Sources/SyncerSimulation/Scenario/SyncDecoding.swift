internal import Syncer

extension SyncSettings {
  init(_ node: ScenarioNode) throws(ScenarioError) {
    let object = try node.object(.sync)
    // Null is the way to have none.
    if object.fields["chunkTime"] == nil { _ = try object.required("chunkTime") }
    let chunkTime = object.optional("chunkTime")
    let seconds = try chunkTime?.positiveDuration()
    if let chunkTime, let seconds, Nanoseconds.rounding(seconds) == 0 {
      try node.reading.note(
        chunkTime.error("is shorter than a nanosecond", "choose a longer duration"))
    }
    node.reading.startOfDay = try object.optional("startAt")?.timeOfDay()
    let maximum = object.optional("maximumDuration")
    let maximumSeconds = try maximum?.positiveDuration()
    if let maximum, let maximumSeconds, Nanoseconds.rounding(maximumSeconds) == 0 {
      try node.reading.note(
        maximum.error("is shorter than a nanosecond", "choose a longer duration"))
    }
    try self.init(
      chunkTimeSeconds: seconds,
      itemLimit: object.optional("itemLimit")?.whole(0...Int.max),
      chunkCap: object.optional("chunkCap")?.whole(1...Int.max),
      weightCaps: object.optional("chunkWeightCap", else: []) { node throws(ScenarioError) in
        try node.nonEmptyList { cap throws(ScenarioError) in try ChunkWeightCap.Limit(cap) }
      },
      maximumDurationSeconds: maximumSeconds,
      order: object.optional("order").map { node throws(ScenarioError) in
        Order(rawValue: try node.name(of: Order.allCases.map(\.rawValue))) ?? .listed
      } ?? .listed,
      handlersAtOnce: object.optional("handlersAtOnce")?.whole(1...1000) ?? 1,
      openChunks: object.optional("openChunks")?.whole(1...1000) ?? 1)
    timeLeftSeconds = try object.optional("timeLeft")?.positiveDuration()
    workers = try object.optional("workers")?.whole(1...1000) ?? 1
    if let node = object.optional("ranges") {
      ranges = try node.whole(1...1_000_000)
      if workers == 1 {
        try node.reading.note(
          node.error("divides a sync that one process has", "add sync.workers, or leave it out"))
      }
    }
    if let node = object.optional("workers"), workers > 1 && isConcurrent {
      try node.reading.note(
        node.error(
          "shares a sync in which more than one thing happens at a time",
          "leave out sync.handlersAtOnce and sync.openChunks, or the workers"))
    }
  }
}

extension ChunkWeightCap.Limit {
  init(_ node: ScenarioNode) throws(ScenarioError) {
    let object = try node.object(.weightCap)
    try self.init(
      WeightUnit(object.required("unit").text()),
      atMost: object.required("atMost").whole(1...Int.max))
  }
}

extension WeightSettings {
  init(_ node: ScenarioNode) throws(ScenarioError) {
    let object = try node.object(.itemWeight)
    try self.init(
      WeightUnit(object.required("unit").text()), mean: object.required("mean").number(.positive),
      variation: object.optional("cv")?.number(.variation) ?? 0)
  }
}
