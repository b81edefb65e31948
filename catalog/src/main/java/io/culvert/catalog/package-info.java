/**
 * The words of the domain: node, service, instance, endpoint, check, health; immutable snapshots of everything known;
 * queries and change streams over them; the mapping of service names into 127.0.0.0/8.
 *
 * <p>Pure, except for {@code clock}: no I/O, no threads, no other room. Readers of any thread use snapshots; {@link
 * io.culvert.catalog.Catalog} is the one writer.
 */
@NullMarked
package io.culvert.catalog;

import org.jspecify.annotations.NullMarked;
