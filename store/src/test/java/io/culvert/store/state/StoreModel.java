package io.culvert.store.state;

import static org.assertj.core.api.Assertions.assertThat;

/** Steps the plain model beside the state and compares all that can be seen of both. */
public final class StoreModel {
    private final Model model = new Model();

    public void check(Commands.Stamped step, StoreState.Applied applied) {
        String expected = model.apply(step.command(), step.stamp());
        assertThat(said(applied.outcome())).as("answer to %s", step).isEqualTo(expected);
        StoreState state = applied.next();
        assertThat(state.index()).as("index after %s", step).isEqualTo(model.index());
        assertThat(state.keyValues().list("")).as("keys after %s", step).isEqualTo(model.entries());
        assertThat(state.sessions().list()).as("sessions after %s", step).isEqualTo(model.sessions());
        for (Session session : state.sessions().list()) {
            assertThat(state.keyValues().heldBy(session.id()))
                    .as("locks after %s", step)
                    .containsExactlyElementsOf(model.entries().stream()
                            .filter(entry -> session.id().equals(entry.holder()))
                            .map(KeyValue::key)
                            .toList());
        }
    }

    private static String said(Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered) {
            return Boolean.toString(answered.done());
        } else if (outcome instanceof Outcome.RolledBack back) {
            return "rolled back "
                    + back.failures().stream().map(Outcome.Failure::operation).toList();
        }
        return outcome instanceof Outcome.Committed ? "committed" : "invalid";
    }
}
