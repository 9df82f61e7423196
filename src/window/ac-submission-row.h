/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A submission in the list of all. */
#pragma once

#include <gtk/gtk.h>

#include "model/ac-submission.h"

G_BEGIN_DECLS

#define AC_TYPE_SUBMISSION_ROW (ac_submission_row_get_type ())
G_DECLARE_FINAL_TYPE (AcSubmissionRow, ac_submission_row, AC, SUBMISSION_ROW, GtkListBoxRow)

GtkWidget *ac_submission_row_new (AcSubmission *submission);
void ac_submission_row_set_submission (AcSubmissionRow *self, AcSubmission *submission);
AcSubmission *ac_submission_row_get_submission (AcSubmissionRow *self);

G_END_DECLS
