/**
 * What must hold in every run (gossip reference, section 4.3), one class for each:
 *
 * <pre>
 *  1  OwnIncarnationGrows      10  RoutableMeansPresent
 *  2  OrderOfPrecedence        11  EverythingIsBounded
 *  3  NoFalseDeaths            12  NoAmplifier
 *  4  CrashesAreDetected       13  StrangersChangeNothing
 *  5  GoodbyesAreHeard         14  NoLoopEnds
 *  6  EverybodyAgrees          15  RotationLosesNobody
 *  7  OnlyWhatWasPublished     16  ClonesAreSeen
 *  8  NothingComesBack         17  the same seed twice gives the same hash: a test of whole runs
 *  9  NobodyIsForgottenEarly
 * </pre>
 *
 * A simulator reports what happens to {@link io.culvert.testbed.simulator.invariant.Invariants}; nothing here knows it.
 */
@NullMarked
package io.culvert.testbed.simulator.invariant;

import org.jspecify.annotations.NullMarked;
