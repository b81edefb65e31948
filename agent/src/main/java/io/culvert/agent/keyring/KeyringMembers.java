package io.culvert.agent.keyring;

import io.culvert.catalog.Liveness;
import io.culvert.gossip.MemberView;
import java.util.ArrayList;
import java.util.List;

/** The hosts that a change of keys has to reach: the living ones; and those that failed, who come for them later. */
public record KeyringMembers(List<MemberView> views) {
    public KeyringMembers {
        views = List.copyOf(views);
    }

    KeyringChange.Pool pool() {
        List<KeyringChange.Member> living = new ArrayList<>();
        List<KeyringChange.Member> absent = new ArrayList<>();
        for (MemberView view : views) {
            KeyringChange.Member member = new KeyringChange.Member(
                    view.id(),
                    view.name().map(name -> name.text()).orElse(view.id().toString()));
            if (view.self()) {
                // First: who fetches meanwhile must get the newest.
                living.add(0, member);
            } else if (view.liveness().isRoutable()) {
                living.add(member);
            } else if (view.liveness() == Liveness.FAILED) {
                absent.add(member);
            }
        }
        return new KeyringChange.Pool(living, absent);
    }
}
