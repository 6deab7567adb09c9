/// The former name of `Differences`, kept for a release.
@available(*, deprecated, renamed: "Differences")
public typealias DiffSets = Differences
