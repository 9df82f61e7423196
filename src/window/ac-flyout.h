/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pane at the right of the list: one action, several actions at once, or a decision that is
 * being carried out; and what may be decided, at its foot. It decides about what it shows and
 * nothing else.
 *
 * Signals: close (), step (int: 1 or -1), narrow (GArray of guint64: keys to keep selected). */
#pragma once

#include <gtk/gtk.h>

#include "client/ac-action-item.h"
#include "window/ac-decisions.h"

G_BEGIN_DECLS

typedef enum
{
  AC_FLYOUT_NOTHING,
  AC_FLYOUT_ONE,       /* one action */
  AC_FLYOUT_SEVERAL,   /* several at once */
  AC_FLYOUT_OPERATION, /* a decision that was submitted */
} AcFlyoutContent;

#define AC_TYPE_FLYOUT (ac_flyout_get_type ())
G_DECLARE_FINAL_TYPE (AcFlyout, ac_flyout, AC, FLYOUT, GtkWidget)

void ac_flyout_set_decisions (AcFlyout *self, AcDecisions *decisions);
void ac_flyout_set_single (AcFlyout *self, gboolean single);
void ac_flyout_leave_progress (AcFlyout *self);
void ac_flyout_set_bare (AcFlyout *self, gboolean bare);
AcFlyoutContent ac_flyout_get_content (AcFlyout *self);
void ac_flyout_clear (AcFlyout *self);
void ac_flyout_show_item (AcFlyout *self, AcActionItem *item);
void ac_flyout_show_keys (AcFlyout *self, AcActionSource *source, GArray *keys);
void ac_flyout_show_run (AcFlyout *self, AcOperationRun *run);
void ac_flyout_set_position (AcFlyout *self,
                             guint position,
                             guint n_items,
                             gboolean back,
                             gboolean forward);
gboolean ac_flyout_focus_decision (AcFlyout *self, const char *decision);
gboolean ac_flyout_is_deciding (AcFlyout *self);
void ac_flyout_set_offline (AcFlyout *self, gboolean offline);

G_END_DECLS
