package io.culvert.testbed.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoomsTest {
    /** State machines and rules: event and now go in, effects come out. */
    private static final String[] PURE = {
        "io.culvert.catalog",
        "io.culvert.gossip.core..",
        "io.culvert.gossip.membership..",
        "io.culvert.gossip.replication..",
        "io.culvert.gossip.wire..",
        "io.culvert.health.core..",
        "io.culvert.dns.core..",
        "io.culvert.proxy.balance..",
        "io.culvert.proxy.stream..",
        "io.culvert.agent.config.syntax..",
        "io.culvert.store.state..",
    };

    private JavaClasses house = new com.tngtech.archunit.core.importer.ClassFileImporter().importPackages("none");
    private JavaClasses tests = house;

    @BeforeAll
    void importClasses() {
        house = House.mainClasses();
        tests = House.testClasses();
        assertThat(house.size()).as("classes found: is everything compiled?").isGreaterThan(100);
    }

    static Set<String> rooms() {
        return House.MAY_USE.keySet();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void a_room_uses_only_the_rooms_that_the_design_allows(String room) {
        Set<String> forbidden = new TreeSet<>(House.MAY_USE.keySet());
        forbidden.remove(room);
        forbidden.removeAll(House.MAY_USE.get(room));
        forbidden.add("io.culvert.testbed");
        noClasses()
                .that()
                .resideInAPackage(room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden.stream().map(name -> name + "..").toArray(String[]::new))
                .allowEmptyShould(true)
                .check(house);
    }

    @Test
    void rules_know_no_sockets_threads_or_files() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "java.net..", "java.nio.channels..", "java.nio.file..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.concurrent.Executor.class)
                .check(house);
    }

    @Test
    void frames_know_buffers_but_no_channels() {
        noClasses()
                .that()
                .resideInAPackage("io.culvert.proxy.frame..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.channel..", "io.netty.handler..", "java.net..")
                .allowEmptyShould(true)
                .check(house);
    }

    @Test
    void only_the_clock_asks_the_system_for_the_time() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.culvert.catalog.clock", "io.culvert.testbed..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(Clock.class, "systemDefaultZone")
                .check(house);
    }

    @Test
    void randomness_is_handed_in() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocalRandom.class)
                .orShould()
                .callConstructor(Random.class)
                .check(house);
    }

    @Test
    void no_state_is_static_and_mutable() {
        noFields()
                .that()
                .areStatic()
                .should(com.tngtech.archunit.lang.conditions.ArchConditions.notBeFinal())
                .check(house.that(DescribedPredicate.not(JavaClass.Predicates.simpleNameEndingWith("_jmhType"))));
    }

    @Test
    void only_the_composition_knows_metrics_libraries() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.culvert.agent..", "io.culvert.testbed..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.prometheus..")
                .check(house);
    }

    @Test
    void no_business_type_extends_a_channel_or_a_buffer() {
        classes()
                .that()
                .areAssignableTo(io.netty.channel.Channel.class)
                .should()
                .resideInAPackage("io.netty..")
                .allowEmptyShould(true)
                .check(house);
    }

    @Test
    void tests_wait_for_conditions_and_never_sleep() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(tests);
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", java.time.Duration.class)
                .check(tests);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.mockito..")
                .check(tests);
    }

    @Test
    void every_package_has_a_door_plate() {
        Set<Path> without = new TreeSet<>();
        for (Path source : House.sources("src/main")) {
            Path folder = java.util.Objects.requireNonNull(source.getParent(), "parent");
            if (!Files.exists(folder.resolve("package-info.java"))) {
                without.add(House.root().relativize(folder));
            }
        }
        assertThat(without).as("packages without package-info.java").isEmpty();
    }
}
