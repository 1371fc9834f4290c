/**
 * A server of models that write, on the JDK's own HTTP server: {@link dev.clew.examples.serve.Serve} starts it, or shows what it does.
 *
 * <p>A conversation is a value: what a model remembers, the letter it has not read yet and the key of what it draws next. Every answer
 * names the one it has led to, and a request names the one it goes on from. None ever changes. So there is nothing to lock, a request that
 * is sent twice has the same answer twice, two requests from the same place are two conversations, and nobody's letters depend on who else
 * is there. The server keeps them, and not the client: they are larger than the text, they would come back altered, and so a name is enough.
 * It keeps those last used, up to a number and a size.
 */
@NullMarked
package dev.clew.examples.serve;

import org.jspecify.annotations.NullMarked;
