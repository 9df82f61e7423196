/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One submission with what came of it; an administrator says that here. */
#pragma once

#include <adwaita.h>

#include "model/ac-submission.h"
#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_SUBMISSION_DETAILS (ac_submission_details_get_type ())
G_DECLARE_FINAL_TYPE (AcSubmissionDetails, ac_submission_details, AC, SUBMISSION_DETAILS, AdwWindow)

GtkWindow *
ac_submission_details_new (GtkWindow *parent, AcSession *session, AcSubmission *submission);

G_END_DECLS
