package io.culvert.agent.http.server;

import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.ApiRefusal;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.agent.http.route.Readout;
import io.culvert.agent.http.route.Reply;
import io.culvert.agent.http.route.Route;
import io.culvert.agent.http.route.Router;
import io.culvert.agent.http.route.Waiting;
import io.culvert.agent.http.watch.BlockingQueries;
import io.culvert.agent.http.watch.BlockingQueries.Held;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the route of a request, asks whether the caller may, has it handled on a worker and renders the answer. */
public final class Dispatcher implements Exchange {
    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    private final Router router;
    private final HostGuard guard;
    private final Writers writers;
    private final BlockingQueries queries;
    private final Executor workers;
    private final ServerListener listener;

    /** @param workers accept every task; at most one a connection is under way */
    public Dispatcher(Router router, Doorkeepers keepers, BlockingQueries queries, Executor workers) {
        this.router = router;
        this.guard = new HostGuard(keepers.hostNames());
        this.writers = keepers.writers();
        this.listener = keepers.listener();
        this.queries = queries;
        this.workers = workers;
    }

    /** Who decides what comes in. */
    public record Doorkeepers(Set<String> hostNames, Writers writers, ServerListener listener) {}

    @Override
    public Held begin(ApiRequest request, Back back) {
        Task task = new Task(request, back);
        try {
            workers.execute(task);
        } catch (RejectedExecutionException e) {
            back.answer(Renderer.plain(new ApiRefusal(503, "the agent is shutting down")));
        }
        return task;
    }

    /** One request under way: not begun, held back, or answered. */
    private final class Task implements Runnable, Held {
        private final ApiRequest request;
        private final Back back;
        private Held held = Held.NOTHING; // guarded by this
        private boolean cancelled; // guarded by this
        private boolean hurried; // guarded by this

        Task(ApiRequest request, Back back) {
            this.request = request;
            this.back = back;
        }

        @Override
        public void run() {
            synchronized (this) {
                if (cancelled) {
                    return;
                }
            }
            Held begun = handle(request, back);
            boolean end;
            boolean hurry;
            synchronized (this) {
                held = begun;
                end = cancelled;
                hurry = hurried;
            }
            if (end) {
                begun.cancel();
            } else if (hurry) {
                begun.hurry();
            }
        }

        @Override
        public void cancel() {
            Held present;
            synchronized (this) {
                cancelled = true;
                present = held;
            }
            present.cancel();
        }

        @Override
        public void hurry() {
            Held present;
            synchronized (this) {
                hurried = true;
                present = held;
            }
            present.hurry();
        }
    }

    private Held handle(ApiRequest request, Back back) {
        try {
            Reply reply = reply(request);
            if (reply instanceof Waiting held) {
                return queries.await(guarded(request, held), answer -> back.answer(rendered(request, answer)));
            }
            back.answer(rendered(request, (Answer) reply));
        } catch (ApiRefusal refusal) {
            back.answer(rendered(request, refusal.answer()));
        } catch (RuntimeException e) {
            back.answer(rendered(request, bug(request, e)));
        }
        return Held.NOTHING;
    }

    private Reply reply(ApiRequest request) throws ApiRefusal {
        Router.Match match = router.find(request);
        if (match instanceof Router.Found found) {
            checkCaller(found.route(), found.request());
            return request.method().equals("OPTIONS")
                    ? Answer.empty(200)
                    : found.route().handler().handle(found.request());
        }
        checkHost(request, false);
        if (match instanceof Router.OtherMethods other) {
            String allow = String.join(",", other.allowed());
            return request.method().equals("OPTIONS")
                    ? Answer.empty(200).with("Allow", allow)
                    : Answer.text(405, "method " + printable(request.method()) + " not allowed")
                            .with("Allow", allow);
        }
        return Answer.empty(404);
    }

    private void checkCaller(Route route, ApiRequest request) throws ApiRefusal {
        boolean operates = route.access() == Route.Access.OPERATE;
        checkHost(request, operates);
        if (operates) {
            Optional<String> refused = writers.refusal(request.caller());
            if (refused.isPresent()) {
                listener.refused(ServerListener.Refusal.CALLER);
                throw new ApiRefusal(403, refused.get());
            }
        }
    }

    private void checkHost(ApiRequest request, boolean writes) throws ApiRefusal {
        Optional<ServerListener.Refusal> refused = guard.check(request, writes);
        if (refused.isPresent()) {
            listener.refused(refused.get());
            throw HostGuard.refusal(refused.get(), request);
        }
    }

    /** A read that fails later must be answered as well. */
    private static Waiting guarded(ApiRequest request, Waiting held) {
        Readout.Source source = () -> {
            try {
                return held.read().read();
            } catch (RuntimeException e) {
                return new Readout(Long.MAX_VALUE, () -> bug(request, e));
            }
        };
        return new Waiting(held.topic(), source, held.isNews(), held.longest());
    }

    private static Rendered rendered(ApiRequest request, Answer answer) {
        try {
            return Renderer.render(request, answer);
        } catch (RuntimeException e) {
            return Renderer.render(request, bug(request, e));
        }
    }

    private static Answer bug(ApiRequest request, RuntimeException e) {
        log.atError()
                .addKeyValue("method", request.method())
                .addKeyValue("path", request.path())
                .setCause(e)
                .log("API request failed");
        return Answer.text(
                500, "internal error, the agent's log has it: " + e.getClass().getSimpleName());
    }

    private static String printable(String method) {
        return method.replaceAll("[^\\x21-\\x7e]", "?");
    }
}
