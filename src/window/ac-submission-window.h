/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports something as clean, unsure or a threat; of a link, an entry that allows or blocks it goes
 * with it. */
#pragma once

#include <adwaita.h>

#include "model/ac-entity.h"
#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_SUBMISSION_WINDOW (ac_submission_window_get_type ())
G_DECLARE_FINAL_TYPE (AcSubmissionWindow, ac_submission_window, AC, SUBMISSION_WINDOW, AdwWindow)

GtkWindow *ac_submission_window_new (GtkWindow *parent,
                                     AcSession *session,
                                     AcEntity *entity,
                                     const char *action_id,
                                     const char *mailbox);

G_END_DECLS
