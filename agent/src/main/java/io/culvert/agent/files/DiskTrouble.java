package io.culvert.agent.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What went wrong with a file, in words: the JDK's exceptions often have the name of the file as their whole message. */
public final class DiskTrouble {
    private DiskTrouble() {}

    /** Names the file, when the exception does, and what was wrong. */
    public static String of(IOException failure) {
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return file.getFile() + ": " + wrong(file);
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private static String wrong(FileSystemException file) {
        if (file instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (file instanceof NoSuchFileException) {
            return "does not exist";
        }
        if (file instanceof FileAlreadyExistsException) {
            return "exists already, as something else";
        }
        if (file instanceof NotDirectoryException) {
            return "is no directory";
        }
        return file.getClass().getSimpleName();
    }
}
