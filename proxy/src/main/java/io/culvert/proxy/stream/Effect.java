package io.culvert.proxy.stream;

import io.culvert.proxy.CloseReason;
import io.culvert.proxy.frame.Frame;
import io.culvert.proxy.frame.Open;
import io.culvert.proxy.frame.Opened;
import io.culvert.proxy.frame.Refused;

/** What a machine wants done. Performed in order, at one place, by a {@link Performer}. */
public sealed interface Effect {
    void performBy(Performer performer);

    /** Does what a machine asks. Calls back into the machine only after the whole list is done. */
    interface Performer {
        /** Sends a control frame behind everything sent before. */
        void send(Frame frame);

        /** Server: judge the caller and reach the application. */
        void dial(Open open);

        /** Server: the caller has gone; give up reaching the application. */
        void cancelDial();

        /** Client: the application has accepted; let the caller's bytes flow. */
        void opened(Opened opened);

        /** Client: there is no stream. */
        void refused(Refused refused);

        /** End the output of the application leg once all that is queued for it is written. */
        void endAppOutput();

        /** Close the application leg once all that is queued for it is written. */
        void closeApp();

        /** Break off the application leg so that its peer sees a reset; what is queued for it is dropped. */
        void abortApp();

        /** Break off the connection at once. */
        void abortConnection();

        /** Send what is queued, end our side, wait a moment for the peer to read it, then break off. */
        void finishConnection();

        /** Close an idle connection in good order. */
        void closeConnection();

        /**
         * The stream is over for good. Each stream that was begun ends with exactly one of this and {@link #refused}; on a
         * client an end before {@link #opened} is a try that failed.
         */
        void ended(CloseReason reason);

        /** Client: the connection can carry its next stream. */
        void reusable();
    }

    record Send(Frame frame) implements Effect {
        @Override
        public void performBy(Performer performer) {
            performer.send(frame);
        }
    }

    record Dial(Open open) implements Effect {
        @Override
        public void performBy(Performer performer) {
            performer.dial(open);
        }
    }

    record StreamOpened(Opened opened) implements Effect {
        @Override
        public void performBy(Performer performer) {
            performer.opened(opened);
        }
    }

    record StreamRefused(Refused refused) implements Effect {
        @Override
        public void performBy(Performer performer) {
            performer.refused(refused);
        }
    }

    record StreamEnded(CloseReason reason) implements Effect {
        @Override
        public void performBy(Performer performer) {
            performer.ended(reason);
        }
    }

    /** The effects that say all by their name. */
    enum Simple implements Effect {
        CANCEL_DIAL {
            @Override
            public void performBy(Performer performer) {
                performer.cancelDial();
            }
        },
        END_APP_OUTPUT {
            @Override
            public void performBy(Performer performer) {
                performer.endAppOutput();
            }
        },
        CLOSE_APP {
            @Override
            public void performBy(Performer performer) {
                performer.closeApp();
            }
        },
        ABORT_APP {
            @Override
            public void performBy(Performer performer) {
                performer.abortApp();
            }
        },
        ABORT_CONNECTION {
            @Override
            public void performBy(Performer performer) {
                performer.abortConnection();
            }
        },
        FINISH_CONNECTION {
            @Override
            public void performBy(Performer performer) {
                performer.finishConnection();
            }
        },
        CLOSE_CONNECTION {
            @Override
            public void performBy(Performer performer) {
                performer.closeConnection();
            }
        },
        REUSABLE {
            @Override
            public void performBy(Performer performer) {
                performer.reusable();
            }
        }
    }
}
