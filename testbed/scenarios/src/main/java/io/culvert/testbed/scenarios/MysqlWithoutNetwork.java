package io.culvert.testbed.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.hosts.Command;
import io.culvert.testbed.hosts.CulvertAgent;
import io.culvert.testbed.hosts.Host;
import io.culvert.testbed.hosts.Spawned;
import io.culvert.testbed.hosts.Testbed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * MariaDB with {@code --skip-networking} in a namespace that has no interface at all becomes reachable, encrypted and
 * authorized, from another host: by a UNIX socket and by a loopback address.
 */
public final class MysqlWithoutNetwork implements Scenario {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** 100 MB: 100 rows of a megabyte. */
    private static final int ROWS = 100;

    @Override
    public String name() {
        return "mysql-without-network";
    }

    @Override
    public void play(Testbed testbed, Story story) throws Exception {
        Mesh mesh = Mesh.of(testbed, story, "db", "app");
        CulvertAgent db = mesh.agent("db");
        CulvertAgent app = mesh.agent("app");
        Database database = Database.start(testbed);
        story.step("MariaDB runs without any network, socket " + database.socket());

        db.configure("mysql.hcl", """
                service {
                  name        = "mysql"
                  port        = 3306
                  socket_path = "%s"
                  check { args = ["sh", "-c", "%s --socket=%s ping || exit 2"]  interval = "1s"  timeout = "5s" }
                  connect { sidecar_service {} }
                }
                """.formatted(database.socket(), program("mariadb-admin"), database.socket()));
        Path local = app.host().folder().resolve("mysql_local.sock");
        app.configure("shop.hcl", """
                service {
                  name = "shop"
                  connect { sidecar_service { proxy { upstreams = [{
                    destination_name       = "mysql"
                    local_bind_socket_path = "%s"
                    local_bind_socket_mode = "0660"
                  }] } } }
                }
                """.formatted(local));
        CulvertAgent.await(
                "app resolves mysql.mesh", SOON, () -> app.resolve("mysql.mesh").startsWith("127."));
        CulvertAgent.await("the upstream socket is there", SOON, () -> Files.exists(local));
        String address = app.resolve("mysql.mesh");
        Client client = new Client(app.host(), local, address);

        story.step("nobody may connect until an intention says so");
        assertThat(client.overSocket("select 1").succeeded())
                .as("query without an intention")
                .isFalse();
        assertThat(client.overLoopback("select 1").succeeded())
                .as("query without an intention")
                .isFalse();
        db.culvert("intention", "create", "shop", "mysql").orFail();
        db.culvert("intention", "create", "host/app", "mysql").orFail();
        CulvertAgent.await(
                "queries over the UNIX socket",
                SOON,
                () -> client.overSocket("select 1").succeeded());
        CulvertAgent.await(
                "queries over the loopback address",
                SOON,
                () -> client.overLoopback("select 1").succeeded());
        story.step("real queries: mysql --socket=" + local + " and mysql -h " + address);

        rowsByHash(database, client, story);
        intentionGone(db, client, story);
        databaseStopped(database, db, client, story);
        agentKilled(db, client, story);
    }

    private void rowsByHash(Database database, Client client, Story story) {
        database.sql("create table mesh.blobs (id int primary key, body longblob)");
        for (int row = 0; row < ROWS; row++) {
            database.sql(
                    "insert into mesh.blobs select " + row + ", repeat(sha2(concat('row', " + row + "), 512), 8192)");
        }
        String query = "select id, body from mesh.blobs order by id";
        String there = database.hash(query);
        assertThat(story.timed("100 MB of rows over the socket", () -> client.hashOverSocket(query)))
                .as("rows over the UNIX socket")
                .isEqualTo(there);
        assertThat(story.timed("the same over loopback", () -> client.hashOverLoopback(query)))
                .as("rows over loopback")
                .isEqualTo(there);
    }

    private void intentionGone(CulvertAgent db, Client client, Story story) throws Exception {
        Spawned session = client.spawn("select sleep(600)");
        CulvertAgent.await(
                "the session runs",
                SOON,
                () -> db.host().run("true").succeeded()
                        && session.isAlive()
                        && client.overLoopback(
                                        "select count(*) from information_schema.processlist where info like 'select sleep%'")
                                .output()
                                .strip()
                                .equals("1"));
        db.culvert("intention", "delete", "shop", "mysql").orFail();
        long deleted = System.nanoTime();
        assertThat(session.await())
                .as("exit code of the session whose intention went")
                .isNotZero();
        story.figure("deleted intention to live session cut", Duration.ofNanos(System.nanoTime() - deleted));
        assertThat(session.log()).contains("Lost connection");
        assertThat(client.overSocket("select 1").succeeded())
                .as("query after the intention went")
                .isFalse();
        assertThat(client.overLoopback("select 1").succeeded())
                .as("another caller's intention")
                .isTrue();
        db.culvert("intention", "create", "shop", "mysql").orFail();
        CulvertAgent.await(
                "allowed again", SOON, () -> client.overSocket("select 1").succeeded());
    }

    private void databaseStopped(Database database, CulvertAgent db, Client client, Story story) throws Exception {
        database.stop();
        long stopped = System.nanoTime();
        CulvertAgent.await(
                "the check turns critical",
                SOON,
                () -> db.culvert("checks").output().contains("critical"));
        story.figure("database stopped to critical check", Duration.ofNanos(System.nanoTime() - stopped));
        long asked = System.nanoTime();
        Command.Result refused = client.overSocket("select 1");
        story.figure("a query then fails after", Duration.ofNanos(System.nanoTime() - asked));
        assertThat(refused.succeeded()).isFalse();
        database.restart();
        CulvertAgent.await(
                "the database is back through the mesh",
                SOON,
                () -> client.overSocket("select 1").succeeded());
        story.step("MariaDB is back, and so is the mesh");
    }

    private void agentKilled(CulvertAgent db, Client client, Story story) {
        db.process().kill();
        assertThat(client.overSocket("select 1").succeeded())
                .as("query while the agent beside the database is dead")
                .isFalse();
        long restarted = System.nanoTime();
        db.start();
        CulvertAgent.await(
                "queries again without touching app",
                SOON,
                () -> client.overSocket("select count(*) from mesh.blobs").succeeded());
        story.figure(
                "kill -9 and restart of the agent to the first query", Duration.ofNanos(System.nanoTime() - restarted));
    }

    /** Runs a client into a hash, so that a hundred megabytes stay out of this process; first the number of bytes. */
    private static String hashed(Host host, List<String> client) {
        String quoted = client.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        String file = host.folder().resolve("rows").toString();
        String line = quoted + " > " + file + " && wc -c < " + file + " && sha256sum < " + file + " && rm " + file;
        String hash =
                host.run(Duration.ofMinutes(3), "bash", "-c", line).orFail().strip();
        assertThat(hash).as("bytes and hash").containsPattern("^1048\\d{5}\\s");
        return hash.replaceAll("(?s).*?([0-9a-f]{64}).*", "$1");
    }

    static String program(String name) {
        Command.Result found = Command.run("bash", "-c", "PATH=$PATH:/usr/sbin:/sbin command -v " + name);
        return found.orFail().strip();
    }

    /** The client on the application's host. */
    private record Client(Host host, Path socket, String address) {
        Command.Result overSocket(String sql) {
            return query("--socket=" + socket, sql);
        }

        Command.Result overLoopback(String sql) {
            return query("--host=" + address, sql);
        }

        String hashOverSocket(String sql) {
            return hashed(host, words("--socket=" + socket, sql));
        }

        String hashOverLoopback(String sql) {
            return hashed(host, words("--host=" + address, sql));
        }

        private Command.Result query(String where, String sql) {
            return host.run(words(where, sql).toArray(String[]::new));
        }

        private static List<String> words(String where, String sql) {
            return List.of(
                    program("mariadb"),
                    "--no-defaults",
                    "--protocol=" + (where.startsWith("--socket") ? "SOCKET" : "TCP"),
                    where,
                    "--user=mesh",
                    "--password=through",
                    "--skip-ssl",
                    "--max-allowed-packet=1G",
                    "--connect-timeout=10",
                    "-N",
                    "-B",
                    "-e",
                    sql);
        }

        Spawned spawn(String sql) {
            return host.spawn(
                    "session",
                    program("mariadb"),
                    "--no-defaults",
                    "--socket=" + socket,
                    "--user=mesh",
                    "--password=through",
                    "--skip-ssl",
                    "-N",
                    "-B",
                    "-e",
                    sql);
        }
    }

    /** MariaDB as a container without a network would have it. */
    private static final class Database {
        private final Host container;
        private final Path socket;
        private Spawned server;

        private Database(Host container, Path socket, Spawned server) {
            this.container = container;
            this.socket = socket;
            this.server = server;
        }

        static Database start(Testbed testbed) {
            Host container = testbed.withoutNetwork("container");
            Path data = container.folder().resolve("mysql");
            Path socket = container.folder().resolve("mysqld.sock");
            Command.run("mkdir", "-p", data.toString()).orFail();
            Command.run(
                            "chown",
                            "mysql:mysql",
                            data.toString(),
                            container.folder().toString())
                    .orFail();
            container
                    .run(
                            program("mariadb-install-db"),
                            "--no-defaults",
                            "--user=mysql",
                            "--datadir=" + data,
                            "--skip-test-db",
                            "--auth-root-authentication-method=socket")
                    .orFail();
            Database database = new Database(container, socket, launch(container, data, socket));
            database.awaitAnswer();
            database.sql(
                    "create database mesh; create user mesh@localhost identified by 'through'; grant all on *.* to mesh@localhost");
            return database;
        }

        private static Spawned launch(Host container, Path data, Path socket) {
            return container.spawn(
                    "mariadbd",
                    Map.of(),
                    program("mariadbd"),
                    "--no-defaults",
                    "--user=mysql",
                    "--datadir=" + data,
                    "--socket=" + socket,
                    "--skip-networking",
                    "--pid-file=" + data.resolve("pid"),
                    "--max-allowed-packet=1G",
                    "--innodb-buffer-pool-size=64M",
                    "--innodb-log-file-size=64M");
        }

        Path socket() {
            return socket;
        }

        void awaitAnswer() {
            CulvertAgent.await(
                    "MariaDB answers on " + socket,
                    Duration.ofSeconds(60),
                    () -> container
                            .run(program("mariadb"), "--no-defaults", "--socket=" + socket, "-e", "select 1")
                            .succeeded());
        }

        /** As root, beside the mesh. */
        String sql(String statement) {
            return container
                    .run(
                            Duration.ofMinutes(3),
                            program("mariadb"),
                            "--no-defaults",
                            "--socket=" + socket,
                            "--max-allowed-packet=1G",
                            "-N",
                            "-B",
                            "-e",
                            statement)
                    .orFail();
        }

        String hash(String query) {
            return hashed(
                    container,
                    List.of(
                            program("mariadb"),
                            "--no-defaults",
                            "--socket=" + socket,
                            "--max-allowed-packet=1G",
                            "-N",
                            "-B",
                            "-e",
                            query));
        }

        void stop() {
            server.signal("TERM");
            server.await();
        }

        void restart() {
            server = launch(container, container.folder().resolve("mysql"), socket);
            awaitAnswer();
        }
    }
}
