/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says for a while how a decision ended, in a toast or, where that would lie over the buttons that one needs
 * next, in a line; and offers to undo it or to show what was not done. The actions that its button asks
 * for, win.undo-run and win.show-run, are the window's. */
#pragma once

#include <adwaita.h>

#include "client/ac-operation-run.h"
#include "window/ac-adaptive-bin.h"
#include "window/ac-notice-line.h"

G_BEGIN_DECLS

#define AC_TYPE_RUN_NOTICE (ac_run_notice_get_type ())
G_DECLARE_FINAL_TYPE (AcRunNotice, ac_run_notice, AC, RUN_NOTICE, GObject)

AcRunNotice *
ac_run_notice_new (AdwToastOverlay *overlay, AcNoticeLine *line, AcAdaptiveBin *bin);
void ac_run_notice_show (AcRunNotice *self, AcOperationRun *run);
void ac_run_notice_dismiss (AcRunNotice *self);
AcOperationRun *ac_run_notice_take_run (AcRunNotice *self);

G_END_DECLS
