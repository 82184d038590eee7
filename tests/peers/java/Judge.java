import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import org.antlr.runtime.ANTLRInputStream;
import org.antlr.runtime.CommonTokenStream;
import org.antlr.runtime.RecognitionException;
import org.antlr.runtime.tree.CommonTree;
import org.antlr.runtime.tree.CommonTreeAdaptor;

import org.openprovenance.prov.model.Document;
import org.openprovenance.prov.model.ProvFactory;
import org.openprovenance.prov.model.QualifiedName;
import org.openprovenance.prov.notation.PROV_NLexer;
import org.openprovenance.prov.notation.PROV_NParser;
import org.openprovenance.prov.notation.Utility;
import org.openprovenance.prov.validation.Config;
import org.openprovenance.prov.validation.ObjectMaker;
import org.openprovenance.prov.validation.Unknown;
import org.openprovenance.prov.validation.Validate;
import org.openprovenance.prov.validation.VarQName;
import org.openprovenance.prov.validation.report.ValidationReport;

/**
 * What the validator of ProvToolbox says of PROV-N documents.
 *
 * In: the files that are named; without any, standard input, each document as its length in bytes (4 bytes, big-endian)
 * and its text. Out: one line each, tab-separated: verdict (valid, invalid, unread, failed), what is wrong
 * (comma-separated kinds of its report), seconds of CPU of this thread for reading and for validating, and for `unread`
 * and `failed` the reason.
 */
public final class Judge {
    private static final ProvFactory FACTORY = new org.openprovenance.prov.vanilla.ProvFactory();

    private Judge() {
    }

    public static void main(String[] files) throws IOException {
        PrintStream answers = new PrintStream(System.out, true, "UTF-8");
        for (String file : files) {
            answers.println(judged(Files.readAllBytes(Path.of(file))));
        }
        if (files.length > 0) {
            return;
        }
        DataInputStream documents = new DataInputStream(new BufferedInputStream(System.in));
        for (byte[] text = next(documents); text != null; text = next(documents)) {
            answers.println(judged(text));
        }
    }

    private static byte[] next(DataInputStream documents) throws IOException {
        try {
            byte[] text = new byte[documents.readInt()];
            documents.readFully(text);
            return text;
        } catch (EOFException end) {
            return null;
        }
    }

    private static String judged(byte[] text) {
        double started = cpuSeconds();
        Document document;
        try {
            document = read(text);
        } catch (Exception error) {
            return line("unread", "", cpuSeconds() - started, 0, error.toString());
        }
        double read = cpuSeconds();
        try {
            ValidationReport report = new Validate(Config.newYesToAllConfig(FACTORY, new Names())).validate(document);
            List<String> wrong = wrong(report);
            String verdict = wrong.isEmpty() ? "valid" : "invalid";
            return line(verdict, String.join(",", wrong), read - started, cpuSeconds() - read, "");
        } catch (Exception | StackOverflowError error) {
            return line("failed", "", read - started, cpuSeconds() - read, error.toString());
        }
    }

    /** The parser mends what it can't read and goes on; here that is an error. */
    private static Document read(byte[] text) throws IOException, RecognitionException {
        PROV_NLexer lexer = new PROV_NLexer(new ANTLRInputStream(new ByteArrayInputStream(text), "UTF-8"));
        PROV_NParser parser = new PROV_NParser(new CommonTokenStream(lexer));
        parser.setTreeAdaptor(new CommonTreeAdaptor());
        CommonTree tree = (CommonTree) parser.document().getTree();
        int errors = lexer.getNumberOfSyntaxErrors() + parser.getNumberOfSyntaxErrors();
        if (errors > 0) {
            throw new IOException(errors + " syntax errors");
        }
        return (Document) new Utility().convertTreeToJavaBean(tree, FACTORY);
    }

    /** A cycle without a strict step is no violation. */
    private static List<String> wrong(ValidationReport report) {
        List<String> kinds = new ArrayList<>();
        add(kinds, "cycle", report.getCycle());
        add(kinds, "failed-merge", report.getFailedMerge());
        add(kinds, "name-mismatch", report.getQualifiedNameMismatch());
        add(kinds, "type-overlap", report.getTypeOverlap());
        if (report.getSpecializationReport() != null) {
            kinds.add("specialization");
        }
        if (report.getMalformedStatements() != null) {
            kinds.add("malformed");
        }
        for (ValidationReport bundle : report.getValidationReport()) {
            kinds.addAll(wrong(bundle));
        }
        return kinds;
    }

    private static void add(List<String> kinds, String kind, Collection<?> found) {
        if (!found.isEmpty()) {
            kinds.add(kind);
        }
    }

    private static String line(String verdict, String wrong, double readSeconds, double validateSeconds, String reason) {
        return String.format(Locale.ROOT, "%s\t%s\t%.6f\t%.6f\t%s",
                verdict, wrong, readSeconds, validateSeconds, reason.replaceAll("\\s+", " "));
    }

    private static double cpuSeconds() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
    }

    /** The names that the validator wants to be told apart from those of the document. */
    private static final class Names implements ObjectMaker {
        @Override
        public VarQName makeVarQName(String namespace, String local, String prefix) {
            return new Variable(namespace, local, prefix);
        }

        @Override
        public VarQName makeVarQName(QualifiedName name) {
            return new Variable(name.getNamespaceURI(), name.getLocalPart(), name.getPrefix());
        }

        @Override
        public Unknown makeUnknown(String namespace, String prefix) {
            return new Placeholder(namespace, "unknown", prefix);
        }
    }

    private static final class Variable extends org.openprovenance.prov.vanilla.QualifiedName implements VarQName {
        Variable(String namespace, String local, String prefix) {
            super(namespace, local, prefix);
        }
    }

    private static final class Placeholder extends org.openprovenance.prov.vanilla.QualifiedName implements Unknown {
        Placeholder(String namespace, String local, String prefix) {
            super(namespace, local, prefix);
        }
    }
}
