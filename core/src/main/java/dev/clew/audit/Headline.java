package dev.clew.audit;

/** What a report comes to, in a line. */
final class Headline {
    static final String NEAREST = "nearest explanation that does not fit: ";

    private Headline() {}

    static String of(AuditReport report) {
        int given = report.gradients().size();
        long wrong = report.gradients().stream().filter(each -> !each.isRight()).count();
        int explanations = report.explanations().size();
        String of = " of " + given + (given == 1 ? " array " : " arrays ");
        String arrays = given == 0 ? "" : wrong == 0 ? "; " + given + of + "right" : "; " + wrong + of + "wrong";
        String count = switch (report.outcome()) {
            case EXPLAINED -> explanations == 1 ? ", 1 mistake" : ", " + explanations + " mistakes";
            case UNDECIDED -> ", any one of " + explanations + " mistakes gives these numbers";
            case RIGHT, OTHER_FORWARD, UNEXPLAINED -> "";
        };
        return report.outcome() + count + arrays;
    }

    static String of(ForwardDifference difference) {
        String where = difference.step().isPresent()
                ? "going forward, the first difference is in " + difference.quantity()
                        + difference.step().getAsInt()
                : "it differs in the " + difference.quantity();
        return "the forward pass by hand computes something else: " + where + ", relative error "
                + ShortNumber.of(difference.relativeError()) + "; yours has "
                + ShortNumber.ofGradient(difference.yours()) + " where the graph has "
                + ShortNumber.ofGradient(difference.graph());
    }

    /** With how far off it is, where that is known. */
    static String nearest(AuditReport report, String next) {
        double distance = report.nextDistance();
        return next + (Double.isFinite(distance) ? "  (off by " + ShortNumber.of(distance) + ")" : "");
    }
}
