package io.culvert.health.core;

import io.culvert.catalog.CheckStatus;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckResult;
import java.time.Duration;

/** Something the rules want done. To be performed in the order in which they come. */
public sealed interface Effect {
    void perform(Performer performer);

    /** Where effects become deeds. */
    interface Performer {
        void startRun(StartRun start);

        void cancelRun(CancelRun cancel);

        void setTimer(SetTimer timer);

        void statusChanged(StatusChanged change);

        void outputChanged(OutputChanged change);

        void deregister(Deregister deregister);
    }

    /** Find out, and answer with {@link CheckSchedule#runEnded}. */
    record StartRun(RunToken token, CheckDefinition check) implements Effect {
        @Override
        public void perform(Performer performer) {
            performer.startRun(this);
        }
    }

    /** Nobody waits for this run any more: end it and whatever it started. */
    record CancelRun(RunToken token) implements Effect {
        @Override
        public void perform(Performer performer) {
            performer.cancelRun(this);
        }
    }

    /** Call {@link CheckSchedule#timerFired} after {@code after}. */
    record SetTimer(TimerToken token, Duration after) implements Effect {
        @Override
        public void perform(Performer performer) {
            performer.setTimer(this);
        }
    }

    /** A check changed its status. */
    record StatusChanged(CheckDefinition check, CheckStatus before, CheckResult result) implements Effect {
        @Override
        public void perform(Performer performer) {
            performer.statusChanged(this);
        }
    }

    /** A check kept its status and has other output. */
    record OutputChanged(CheckDefinition check, CheckResult result) implements Effect {
        @Override
        public void perform(Performer performer) {
            performer.outputChanged(this);
        }
    }

    /** A service has been critical for too long. */
    record Deregister(String serviceId, String checkId) implements Effect {
        @Override
        public void perform(Performer performer) {
            performer.deregister(this);
        }
    }
}
