internal import Syncer

extension FaultSettings {
  /// What is wrong with the classes that faults are for; nil where nothing is.
  ///
  /// - Parameters:
  ///   - classes: The names of all classes of the items.
  ///   - handled: Those whose handling takes time.
  /// - Returns: where, what, and what to do.
  func problem(
    classes: [String], handled: Set<String>
  ) -> (keyPath: String, rule: String, remedy: String)? {
    let known = Set(classes)
    let wanted =
      items.enumerated().map { ("items[\($0.offset)].class", $0.element.costClass) }
      + slow.enumerated().map { ("slow[\($0.offset)].class", $0.element.costClass) }
    for (keyPath, costClass) in wanted {
      guard let name = costClass?.name, !known.contains(name) else { continue }
      let guess = nearestName(to: name, in: Array(known).sorted()).map {
        "did you mean \"\($0)\"? "
      }
      var shown: [String] = []
      for name in classes where shown.count < 10 && !shown.contains(name) { shown.append(name) }
      return (
        keyPath, "names \"\(name)\", which is no class of the items",
        (guess ?? "") + "There are: " + shown.joined(separator: ", ")
      )
    }
    for (index, entry) in slow.enumerated() {
      let isIdle = entry.costClass.map { !handled.contains($0.name) } ?? handled.isEmpty
      if isIdle {
        return (
          "slow[\(index)]", "slows the handling of items whose handling takes no time",
          "give them a cost in \"handle\", or name another class"
        )
      }
    }
    return nil
  }
}

extension Workload {
  /// Refuses faults of classes that a recording does not have.
  func check(_ faults: FaultSettings) throws(ScenarioError) {
    // A recording says what took time: of items that took none nothing is slower.
    let names = classes.map(\.name)
    if let problem = faults.problem(classes: names, handled: Set(names)) {
      throw ScenarioError(
        file: "The scenario", keyPath: "faults.\(problem.keyPath)", rule: problem.rule,
        remedy: problem.remedy)
    }
  }
}
