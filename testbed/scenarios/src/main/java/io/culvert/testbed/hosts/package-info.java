/**
 * Several hosts on one machine: each a network namespace with an address on a private bridge, running the real
 * distribution and real servers. Needs root. Everything that it starts or makes ends with {@link
 * io.culvert.testbed.hosts.Testbed#close}.
 */
@NullMarked
package io.culvert.testbed.hosts;

import org.jspecify.annotations.NullMarked;
