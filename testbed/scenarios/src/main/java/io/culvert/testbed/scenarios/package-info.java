/** What users do, end to end, on namespaced hosts. Run one by hand with {@code ./testbed/run NAME}. */
@NullMarked
package io.culvert.testbed.scenarios;

import org.jspecify.annotations.NullMarked;
