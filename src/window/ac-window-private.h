/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of AcWindow share: ac-window.c has the pages and what is asked of the window,
 * ac-window-visits.c the way back and forward, ac-window-closing.c its end. */
#pragma once

#include "window/ac-action-center-page.h"
#include "window/ac-adaptive-bin.h"
#include "window/ac-explorer-page.h"
#include "window/ac-investigation-list-page.h"
#include "window/ac-investigation-view.h"
#include "window/ac-link-opener.h"
#include "window/ac-navigation-pane.h"
#include "window/ac-notice-line.h"
#include "window/ac-run-notice.h"
#include "window/ac-submissions-page.h"
#include "window/ac-visits.h"
#include "window/ac-window.h"

G_BEGIN_DECLS

struct _AcWindow
{
  AdwApplicationWindow parent_instance;

  AcAdaptiveBin *bin;
  AdwToastOverlay *toast_overlay;
  GtkMenuButton *menu_button;
  AcNavigationPane *navigation_pane;
  GtkWidget *navigation;
  GtkStack *stack;
  AcActionCenterPage *action_center;
  AcInvestigationListPage *investigations; /* nullable until it is shown */
  AcInvestigationView *investigation;      /* nullable until it is shown */
  AcExplorerPage *explorer;                /* nullable until it is shown */
  AcSubmissionsPage *submissions;          /* nullable until it is shown */

  AcSession *session;
  AcDecisions *decisions;
  GSettings *settings; /* nullable: nothing is kept */
  gboolean remember_connection;

  gboolean navigation_wide;   /* whether the pane is shown beside the page */
  gboolean navigation_narrow; /* whether it is shown instead of the page */
  AcVisits *visits;           /* what was looked at */
  guint n_going;              /* actions that back and forward lead to and that are being asked for */

  AcNoticeLine *notice_line;
  AcLinkOpener *link_opener; /* nullable until there is a link */

  AcRunNotice *run_notice; /* how the last decision ended */
  AdwToast *told;          /* one that stays; weak, nullable */

  gboolean waits_to_close; /* until a decision is sent */
  gboolean closes_anyway;  /* the person does not want to wait for that */
  AdwToast *waiting;       /* says so; weak, nullable */
  guint closing;           /* source */
};

void ac_window_show_page (AcWindow *self, const char *page);
void ac_window_show_investigation (AcWindow *self, const char *id);
gboolean ac_window_ask_for_action (AcWindow *self, const char *id, GAsyncReadyCallback callback);
void ac_window_action_cb (GObject *source_object, GAsyncResult *result, gpointer user_data);

void ac_window_visited (AcWindow *self, const char *page, const char *id);
void ac_window_visited_action (GtkWidget *widget, const char *name, GVariant *parameter);
void ac_window_back_action (GtkWidget *widget, const char *name, GVariant *parameter);

void ac_window_follow_sending (AcWindow *self);
gboolean ac_window_may_close (AcWindow *self);
void ac_window_forget_closing (AcWindow *self);
void ac_window_close_anyway_action (GtkWidget *widget, const char *name, GVariant *parameter);

G_END_DECLS
