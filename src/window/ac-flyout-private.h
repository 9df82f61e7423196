/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of AcFlyout share: ac-flyout.c shows, ac-flyout-decide.c decides. */
#pragma once

#include "window/ac-action-details.h"
#include "window/ac-decision-bar.h"
#include "window/ac-flyout.h"
#include "window/ac-operation-details.h"
#include "window/ac-selection-details.h"
#include "window/ac-targets-loader.h"

G_BEGIN_DECLS

struct _AcFlyout
{
  GtkWidget parent_instance;

  GtkBox *box;
  GtkWidget *header;
  GtkLabel *title;
  GtkLabel *position;
  GtkStack *stack;
  AcActionDetails *action_details;
  AcSelectionDetails *selection_details;
  AcOperationDetails *operation_details;
  AcDecisionBar *decision_bar;

  AcDecisions *decisions; /* nullable */
  gboolean single; /* it stays with the one action that it was given */
  gboolean offline;
  AcFlyoutContent content;

  AcActionItem *item;  /* of AC_FLYOUT_ONE */
  gint64 item_version; /* that it had last */
  AcAction *action;    /* the newest that is known of it; nullable */

  AcActionSource *source;   /* of AC_FLYOUT_SEVERAL, and of AC_FLYOUT_ONE about a file */
  GArray *keys;             /* of guint64 */
  AcActionSummary *summary; /* of these keys; nullable until it is there */
  GArray *deciding;         /* these, while their ids are looked up for a decision; nullable */
  gboolean submits_earlier; /* a decision about what was shown before */

  AcTargetsLoader *targets; /* of AC_FLYOUT_ONE about a cluster */

  AcOperationRun *run;       /* submitted about what is shown; nullable */
  GCancellable *cancellable; /* of what is being loaded for what is shown */
  guint load_source;
  gboolean opening; /* the first frame with it is being made */
  gboolean opened;  /* it has been seen once */
};

void ac_flyout_update_choices (AcFlyout *self);
void ac_flyout_decide (AcFlyout *self, AcDecision decision, const char *comment);
void ac_flyout_undo_some (AcFlyout *self, guint decision, const char *comment);
void ac_flyout_narrow (AcFlyout *self, const char *type, AcDecision decision);
const char *ac_flyout_get_second_person (AcFlyout *self);
void ac_flyout_emit_narrow (AcFlyout *self, GArray *keys);

G_END_DECLS
