/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of AcActionCenterPage share: ac-action-center-page.c has the tabs, the search and
 * what is selected, ac-action-center-flyout.c shows it beside the list. */
#pragma once

#include "window/ac-action-center-page.h"
#include "window/ac-action-tab.h"
#include "window/ac-adaptive-bin.h"
#include "window/ac-between-frames.h"
#include "window/ac-flyout.h"
#include "window/ac-list-bar.h"
#include "window/ac-list-status.h"
#include "window/ac-operation-bar.h"
#include "window/ac-page-tab.h"
#include "window/ac-running-tab.h"
#include "window/ac-sync-banner.h"

G_BEGIN_DECLS

struct _AcActionCenterPage
{
  GtkWidget parent_instance;

  AcAdaptiveBin *bin;
  AcSyncBanner *banner;
  GtkBox *title_box;
  GtkBox *command_bar;
  AcPageTab *pending_button;
  AcPageTab *history_button;
  AcPageTab *progress_button;
  GtkLabel *refreshed;
  GtkSearchEntry *search_entry;
  AcListBar *list_bar;
  GtkPaned *paned;
  GtkWidget *list_side; /* what stands beside the flyout */
  GtkStack *stack;
  AcActionTab *pending;
  AcActionTab *history;
  AcRunningTab *running;
  AcActionTab *last_list; /* one of the two; nullable */
  AcListStatus *status;
  AcOperationBar *operation_bar;

  AcFlyout *flyout;       /* nullable: made when the first rows are there, or when it is needed */
  guint idle;             /* that makes it, and what else may be looked at next */
  guint prepared;         /* how many of these are made */
  AcDecisions *decisions; /* nullable */
  AcSession *session;     /* its */
  AcActionSource *source; /* nullable: the session's, listened to */
  AcCounts *counts;       /* nullable: the session's, listened to */
  GSettings *settings;    /* nullable */
  char *review_id;        /* nullable: the action whose decision takes the focus when it is shown */
  AcDecision review;
  AcBetweenFrames *opening; /* of the flyout */
  gboolean focus_list;      /* the list takes the focus once it has rows */
  gboolean settling_down;   /* being disposed of */
};

AcActionTab *ac_action_center_page_get_active_tab (AcActionCenterPage *self);
AcActionView *ac_action_center_page_get_active_view (AcActionCenterPage *self);
void ac_action_center_page_update_layout (AcActionCenterPage *self);

gboolean ac_action_center_page_shows_flyout (AcActionCenterPage *self);
void ac_action_center_page_ensure_flyout (AcActionCenterPage *self);
void ac_action_center_page_open_flyout (AcActionCenterPage *self);
gboolean ac_action_center_page_open_step (GtkWidget *widget);
void ac_action_center_page_hide_flyout (AcActionCenterPage *self);
void ac_action_center_page_close_flyout (AcActionCenterPage *self);
void ac_action_center_page_save_flyout_width (AcActionCenterPage *self);
void ac_action_center_page_show_selection (AcActionCenterPage *self);
void ac_action_center_page_decide_selection (AcActionCenterPage *self);
void ac_action_center_page_follow_selection (AcActionCenterPage *self,
                                             AcActionTab *tab,
                                             gboolean by_list);
void ac_action_center_page_update_ways (AcActionCenterPage *self);
void ac_action_center_page_update_offline (AcActionCenterPage *self);
void ac_action_center_page_review_if_wanted (AcActionCenterPage *self);

G_END_DECLS
