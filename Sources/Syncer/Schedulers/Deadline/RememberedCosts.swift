// What is kept from one sync to the next.
extension ClassBeliefs {
  /// Takes what an earlier sync has learned for a guide; its classes are numbered as given.
  mutating func recall(_ learned: LearnedCosts, of names: [CostClass]) {
    guard !names.isEmpty else { return }
    for (index, name) in names.enumerated() {
      guard let known = learned.classes[name.name] else { continue }
      include(index)
      let weight = DeadlineConstants.rememberedWeight
      entries[index].handling = ShortHistogram.histogram(of: known.handling, weight: weight)
      entries[index].completions = ShortHistogram.histogram(of: known.completions, weight: weight)
      entries[index].remembered = known
      processing.recall(
        ProcessingRate(
          remembered: known.processing.value, doubt: known.doubt, scatter: known.scatter.value,
          work: known.work.value), of: index)
      updatePool(index, unitsPerItem: known.units.value, work: known.work.value)
    }
    processing.recall(overhead: learned.overhead.value)
    pace.open()
    handlingPace.open()
  }

  /// What the next sync may know; the classes by number.
  func learned(of names: [CostClass]) -> LearnedCosts {
    var learned = LearnedCosts()
    learned.overhead = ShortNumber(processing.overhead)
    for (index, entry) in entries.enumerated()
    where index < names.count && entry.pooled != nil && !isGiven {
      let rate = processing[index]
      var known = LearnedClass()
      known.handling = ShortHistogram.octaves(of: entry.handling)
      known.completions = ShortHistogram.octaves(of: entry.completions)
      known.processing = ShortNumber(rate.mean)
      known.scatter = ShortNumber(rate.scatter)
      known.units = ShortNumber(entry.units)
      known.work = ShortNumber(entry.work)
      if let before = entry.remembered {
        known.runs = before.runs + 1
        known.days = before.days
      }
      // What could not be read again would take all others with it.
      if known.isPossible { learned.classes[names[index].name] = known }
    }
    learned.limit()
    return learned
  }

  /// Finds out how much longer a chunk took than is remembered, and takes that for the pace of all that
  /// this sync has not met.
  mutating func findPace(_ sample: ChunkSample, _ start: ChunkStart, _ newcomer: Newcomer) {
    var bulk = PaceMeasure()
    var jobs = PaceMeasure()
    var handling = PaceMeasure()
    bulk.seconds = sample.processSeconds
    if processing.isOverheadRemembered {
      bulk.overhead = processing.overhead
    } else {
      bulk.addOthers(processing.overhead, squaredError: processing.overheadDoubt)
    }
    for part in sample.classes {
      let units = part.handling.units
      guard part.classIndex < entries.count, entries[part.classIndex].pooled != nil else {
        let count = Double(part.count)
        bulk.addOthers(
          newcomer.processing.mean * count,
          squaredError: newcomer.processing.meanSquare * count * count)
        continue
      }
      let entry = entries[part.classIndex]
      let rate = processing[part.classIndex]
      let all = ProcessingBelief.Part(part, of: start)
      let work = all.units
      let spread =
        rate.scatter * rate.mean * rate.mean * all.squaredUnits + rate.doubt * work * work
      if entry.remembered == nil {
        bulk.addOthers(rate.mean * work, squaredError: spread)
        continue
      }
      bulk.addRemembered(rate.mean * work, squaredError: spread)
      handling.seconds += part.handling.seconds
      handling.addRemembered(
        entry.handling.mean * units,
        squaredError: entry.handling.variance * part.handling.squaredUnits)
      if part.completions.count > 0 {
        jobs.seconds += part.completions.seconds
        jobs.addRemembered(
          entry.completions.mean * part.completions.units,
          squaredError: entry.completions.variance * part.completions.squaredUnits)
      }
    }
    let least = DeadlineConstants.paceResolution * start.targetSeconds
    let measure = jobs.expected > 0 ? jobs : bulk
    let before = pace.doubt
    scaleRemembered(
      processing: measure.lesson(&pace, least: least),
      handling: handling.lesson(&handlingPace, least: least), before: before)
  }

  private mutating func scaleRemembered(
    processing factor: Double, handling: Double, before: Double
  ) {
    if factor == 1 && handling == 1 && before == pace.doubt { return }
    processing.scaleRememberedOverhead(by: factor)
    for index in entries.indices where entries[index].remembered != nil {
      entries[index].handling = entries[index].handling.scaled(by: handling)
      entries[index].completions = entries[index].completions.scaled(by: factor)
      processing.scale(index, by: factor, doubt: before == pace.doubt ? 0 : pace.doubt)
      updatePool(index, unitsPerItem: entries[index].units, work: entries[index].work)
    }
  }
}

/// What a chunk took of what is remembered, and what was expected.
private struct PaceMeasure {
  var seconds = 0.0
  /// The remembered overhead, which goes by the pace too.
  var overhead = 0.0
  private(set) var expected = 0.0
  private var others = 0.0
  private var squaredError = 0.0

  mutating func addRemembered(_ seconds: Double, squaredError: Double) {
    expected += seconds
    self.squaredError += squaredError
  }

  mutating func addOthers(_ seconds: Double, squaredError: Double) {
    others += seconds
    self.squaredError += squaredError
  }

  /// By how much what is remembered is to be multiplied.
  func lesson(_ pace: inout Pace, least: Double) -> Double {
    guard expected > 0 else { return 1 }
    let error = squaredError + least * least
    let ofOverhead = DeadlineConstants.rememberedOverhead * overhead
    return pace.learn(
      max(0, seconds - others) / (expected + overhead),
      squaredError: (error + ofOverhead * ofOverhead) / (expected * expected))
  }
}
